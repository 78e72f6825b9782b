{{/*
Environment that server and setup share. Passwords are files, not variables: variables show up in crash reports.
(dict "root" $ "component" "server")
*/}}
{{- define "store.medusaEnv" -}}
- name: HOME
  value: /tmp
- name: NODE_OPTIONS
  value: {{ include "store.nodeOptions" . }}
- name: DATABASE_HOST
  value: {{ include "store.name" (dict "root" .root "part" "database") }}
- name: DATABASE_NAME
  value: medusa
- name: DATABASE_USER
  value: medusa
- name: STORE_URL
  value: {{ include "store.url" .root }}
{{- end }}
