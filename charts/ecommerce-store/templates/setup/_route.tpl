{{/*
Two routes to the same shop. From template: the database's image carries the shop's data, prepared, and no Job is needed. From
scratch: the setup Job makes them. The template's name says what it was made of, so one that does not fit is never used.
*/}}

{{/* First 8 digits over names and contents of the files set-up reads; images/ computes the same when it makes a template. */}}
{{- define "store.filesHash" -}}
{{- $lines := "" }}
{{- range $path, $content := .Files.Glob (printf "files/%s/*" .Values.engine) }}
{{- $lines = printf "%s%s  %s\n" $lines (toString $content | sha256sum) (base $path) }}
{{- end }}
{{- $lines | sha256sum | trunc 8 }}
{{- end }}

{{/* Name of the template that fits this shop. Currency and shop name of WordPress are renewed, so they are not in it. */}}
{{- define "store.fittingTemplate" -}}
{{- if eq .Values.engine "woocommerce" }}
{{- $kind := .Values.woocommerce.plugin | ternary "woocommerce" "wordpress" }}
{{- printf "%s-%s-%s-%s" $kind .Values.woocommerce.image.tag .Values.shop.locale (include "store.filesHash" .) }}
{{- else }}
{{- printf "medusa-%s-%s-%s" .Values.medusa.serverImage.tag .Values.shop.currency (include "store.filesHash" .) }}
{{- end }}
{{- end }}

{{/*
Template the shop's data were made from, or will be; empty for none. The claim remembers it: data that came from another
version or from a Job need the Job, which migrates them.
*/}}
{{- define "store.origin" -}}
{{- $live := include "store.liveClaim" (dict "root" . "part" "database-data") | fromJson }}
{{- if $live }}
{{- dig "metadata" "annotations" "urumi.dev/template" "" $live }}
{{- else if ne .Values.setup.route "scratch" }}
{{- $fitting := include "store.fittingTemplate" . }}
{{- eq (get .Values .Values.engine).template $fitting | ternary $fitting "" }}
{{- end }}
{{- end }}

{{/* `template` or `scratch`. */}}
{{- define "store.route" -}}
{{- $fitting := include "store.fittingTemplate" . }}
{{- $given := (get .Values .Values.engine).template }}
{{- and (ne .Values.setup.route "scratch") (eq $given $fitting) (eq (include "store.origin" .) $fitting) | ternary "template" "scratch" }}
{{- end }}

{{/* `job` where this release has a setup Job, else `template`. A raised setupRun runs set-up once more in both routes. */}}
{{- define "store.setup" -}}
{{- and (eq (include "store.route" .) "template") (eq (int64 .Values.urumi.setupRun) 1) | ternary "template" "job" }}
{{- end }}

{{/*
Template that the database starts from where its volume is empty. A database that runs has its data: it keeps the word it was
started with, for another one would restart it and change nothing. (dict "root" $ "image" "urumi/postgres-medusa:2.21.2")
*/}}
{{- define "store.databaseTemplate" -}}
{{- $wanted := eq (include "store.route" .root) "template" | ternary (include "store.fittingTemplate" .root) "" }}
{{- $live := include "store.liveDatabase" .root | fromJson }}
{{- $container := dig "spec" "template" "spec" "containers" (list dict) $live | first }}
{{- if and (ge (dig "status" "readyReplicas" 0 $live | int) 1) (eq (get $container "image") .image) }}
{{- range $container.env }}
{{- if eq .name "TEMPLATE" }}{{ $wanted = get . "value" }}{{ end }}
{{- end }}
{{- end }}
{{- $wanted }}
{{- end }}
