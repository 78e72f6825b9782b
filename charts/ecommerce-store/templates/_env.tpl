{{/*
Environment that components of both engines share.
*/}}

{{/* Data of the shop for a container: a name is never part of a script, an argument or a template. */}}
{{- define "store.shopEnv" -}}
- name: SHOP_NAME
  value: {{ include "store.envText" .Values.shop.name }}
- name: SHOP_CURRENCY
  value: {{ .Values.shop.currency }}
{{- end }}

{{/* Where the database is and who asks it. (dict "root" $ "name" "medusa"), the name of database and user. */}}
{{- define "store.databaseEnv" -}}
- name: DATABASE_HOST
  value: {{ include "store.name" (dict "root" .root "part" "database") }}
- name: DATABASE_NAME
  value: {{ .name }}
- name: DATABASE_USER
  value: {{ .name }}
{{- end }}
