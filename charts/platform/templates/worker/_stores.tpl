{{/* What every shop is given beside its own values: a file of the store chart's values. */}}
{{- define "platform.storesFile" -}}
{{ toYaml .Values.stores }}
{{- end }}
