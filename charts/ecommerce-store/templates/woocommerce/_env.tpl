{{/*
Environment that web and setup share. Passwords are files, not variables: variables show up in crash reports.
*/}}
{{- define "store.wordpressEnv" -}}
- name: HOME
  value: /tmp
{{ include "store.databaseEnv" (dict "root" . "name" "wordpress") }}
- name: STORE_ID
  value: {{ include "store.id" . | quote }}
- name: STORE_URL
  value: {{ include "store.url" . }}
{{ include "store.shopEnv" . }}
- name: SHOP_LOCALE
  value: {{ .Values.shop.locale }}
- name: PLUGIN
  value: {{ .Values.woocommerce.plugin | ternary "woocommerce" "none" }}
{{- end }}

{{/* Environment of the setup Job; whatever stands here runs setup again where it changes, so nothing of size and network. */}}
{{- define "store.wordpressSetupEnv" -}}
{{ include "store.wordpressEnv" .root }}
- name: HOST
  value: {{ .root.Values.host }}
# Its network policy lets it out nowhere.
- name: INTERNET
  value: 'off'
{{- end }}
