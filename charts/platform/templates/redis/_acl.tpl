{{/*
Who may do what in the bundled Redis (design: a user per service). Records, queue and doorbell are everybody's: one script writes a
record whole, and Redis asks for every key it is given. The rest belongs to one service.
*/}}

{{/* Rights of one service, as in an ACL file after its password. (name of the service) */}}
{{- define "platform.redisRules" -}}
{{- $keys := list "store" "timeline" "lease" "tombstone" "owner-stores" "owner-owed" "statuses" "names" "list-version" "activity" "running" "step-times" "bull" }}
{{- $single := list "stores" "hosts" "owed" "gate" "run" "nothing" }}
{{- $own := dict
  "api" (list "~urumi:idempotency:*" "%R~urumi:last-pass" "%R~urumi:route-fault" "%R~urumi:cluster-progress" "%R~urumi:engines" "%R~urumi:pause:*" "%R~urumi:protection" "~urumi:api-listens" "&urumi:wishes")
  "worker" (list "~urumi:protection" "%R~urumi:api-listens" "~urumi:pause:*" "&urumi:wishes")
  "reconciler" (list "~urumi:leader:*" "~urumi:last-pass" "~urumi:route-fault" "~urumi:orphans" "~urumi:pause:*" "&urumi:wishes")
}}
{{- $rules := list "resetkeys" "resetchannels" }}
{{- range $keys }}{{ $rules = append $rules (printf "~urumi:%s:*" .) }}{{ end }}
{{- range $single }}{{ $rules = append $rules (printf "~urumi:%s" .) }}{{ end }}
{{- $rules = concat $rules (get $own .) }}
{{- /* Categories first, then what they hold too much: @write alone would allow FLUSHALL. INFO and CONFIG GET are @dangerous. */}}
{{- $rules = concat $rules (list "-@all" "+@read" "+@write" "+@connection" "+@transaction" "+@pubsub" "+eval" "+evalsha" "+script|load" "+script|exists" "+time" "-@admin" "-@dangerous" "-function" "+info" "+config|get") }}
{{- /* They hear wishes; only the api says them. */}}
{{- if ne . "api" }}{{ $rules = append $rules "-publish" }}{{ end }}
{{- join " " $rules }}
{{- end }}

{{/* For the pod template: Redis reads its users once, so other rights need a new pod. Holds no password, nor a hash of one. */}}
{{- define "platform.redisRulesChecksum" -}}
{{- range list "api" "worker" "reconciler" }}{{ include "platform.redisRules" . }}{{ end }}
{{- end }}
