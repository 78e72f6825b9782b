{{/*
Environment that server and setup share. Passwords are files, not variables: variables show up in crash reports.
(dict "root" $ "component" "server")
*/}}
{{- define "store.medusaEnv" -}}
- name: HOME
  value: /tmp
- name: NODE_OPTIONS
  value: {{ include "store.nodeOptions" . }}
{{ include "store.databaseEnv" (dict "root" .root "name" "medusa") }}
- name: STORE_URL
  value: {{ include "store.url" .root }}
{{- end }}

{{/* Environment of the setup Job; whatever stands here runs setup again where it changes. */}}
{{- define "store.medusaSetupEnv" -}}
{{ include "store.medusaEnv" . }}
{{ include "store.shopEnv" .root }}
{{- end }}
