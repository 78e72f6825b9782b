{{/*
What the setup Job reads, as data of a ConfigMap. No pictures: Helm keeps the chart in every release, at most 1 MiB.
*/}}
{{- define "store.setupFiles" -}}
{{- $folder := printf "files/%s/" .Values.engine }}
{{- $files := dict }}
{{- range $path, $content := .Files.Glob (printf "%s*" $folder) }}
{{- $_ := set $files (trimPrefix $folder $path) (toString $content) }}
{{- end }}
{{- toYaml $files }}
{{- end }}
