{{/*
Figures of the chosen size. All are integers, so the quota is their sum and follows every override.
*/}}

{{/* Everything files/sizes.yaml says about this shop, as JSON. */}}
{{- define "store.size" -}}
{{- $engines := .Files.Get "files/sizes.yaml" | fromYaml }}
{{- get (get $engines .Values.engine) .Values.size | toJson }}
{{- end }}

{{/* Quantities as the API server writes them: what is written otherwise reads as edited. (thousandths of a core) (MiB) */}}
{{- define "store.milli" -}}
{{ if mod . 1000 }}{{ . }}m{{ else }}{{ div . 1000 }}{{ end }}
{{- end }}
{{- define "store.mebi" -}}
{{ if mod . 1024 }}{{ . }}Mi{{ else }}{{ div . 1024 }}Gi{{ end }}
{{- end }}

{{/* Figures of one component with its overrides, as JSON. (dict "root" $ "component" "server") */}}
{{- define "store.figures" -}}
{{- $size := include "store.size" .root | fromJson }}
{{- $override := get .root.Values.resources .component | default dict }}
{{- merge (deepCopy $override) (get $size .component) | toJson }}
{{- end }}

{{/* Requests and limits of a container. (dict "root" $ "component" "server") */}}
{{- define "store.resources" -}}
{{- $figures := include "store.figures" . | fromJson -}}
requests:
  cpu: {{ printf "%dm" (int $figures.cpuRequest) }}
  memory: {{ printf "%dMi" (int $figures.memoryRequest) }}
limits:
  cpu: {{ printf "%dm" (int $figures.cpuLimit) }}
  memory: {{ printf "%dMi" (int $figures.memoryLimit) }}
{{- end }}

{{/*
Heap of a Node process: 75 % of its memory limit, the rest is for buffers, code and the runtime itself.
(dict "root" $ "component" "server")
*/}}
{{- define "store.nodeOptions" -}}
{{- $figures := include "store.figures" . | fromJson }}
{{- printf "--max-old-space-size=%d" (div (mul (int $figures.memoryLimit) 75) 100) }}
{{- end }}

{{/* `true` where the uploads are on a volume that pods of many nodes write, so that web pods roll. */}}
{{- define "store.areUploadsShared" -}}
{{ eq (include "store.claimAccessMode" (dict "root" . "part" "uploads" "claim" "uploads")) "ReadWriteMany" }}
{{- end }}

{{/* Web pods that may stand at once: a roll-out brings one more before an old one goes. */}}
{{- define "store.websAtOnce" -}}
{{- $surge := eq (include "store.areUploadsShared" .) "true" | ternary 1 0 }}
{{- add .Values.woocommerce.replicas $surge }}
{{- end }}

{{/*
All pods that may stand at once, by component: the steady ones, one more of what rolls, and two setups, for Helm makes a new
Job before it deletes the old.
*/}}
{{- define "store.podsAtOnce" -}}
{{- $pods := list "database" "setup" "setup" }}
{{- if eq .Values.engine "woocommerce" }}
{{- range until (include "store.websAtOnce" . | int) }}{{ $pods = append $pods "web" }}{{ end }}
{{- else }}
{{- $pods = concat $pods (list "server" "storefront" "storefront") }}
{{- end }}
{{- toJson $pods }}
{{- end }}
