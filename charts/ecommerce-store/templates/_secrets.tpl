{{/*
Secrets are made in the cluster and kept: a key that exists keeps its value, a missing one gets a new one. So an upgrade
changes nothing, and values, arguments and jobs never hold a password.
*/}}

{{/* Base64 data of one of our Secrets as it is in the cluster, as JSON; empty without one. (dict "root" $ "secret" "admin") */}}
{{- define "store.liveSecret" -}}
{{- $live := lookup "v1" "Secret" .root.Release.Namespace (include "store.name" (dict "root" .root "part" .secret)) }}
{{- get ($live | default dict) "data" | default dict | toJson }}
{{- end }}

{{/* 24 letters and digits, about 142 bits. */}}
{{- define "store.newPassword" -}}
{{ randAlphaNum 24 | b64enc }}
{{- end }}

{{/* A key in the form Medusa gives its own: `pk_` and 64 hexadecimal digits. */}}
{{- define "store.newPublishableKey" -}}
{{ printf "pk_%s" (randAlphaNum 48 | sha256sum) | b64enc }}
{{- end }}

{{/*
Volume with keys of a Secret as files only the pod's group can read. Keys are named, so a pod sees no more than it uses.
(dict "root" $ "secret" "app" "keys" (list "jwtSecret"))
*/}}
{{- define "store.secretVolume" -}}
- name: {{ .secret }}-secret
  secret:
    secretName: {{ include "store.secretName" . }}
    defaultMode: 0440
    items:
      {{- range .keys }}
      - key: {{ . }}
        path: {{ . }}
      {{- end }}
{{- end }}

{{/* Mount of that volume. (dict "secret" "app") */}}
{{- define "store.secretMount" -}}
- name: {{ .secret }}-secret
  mountPath: /run/secrets/urumi/{{ .secret }}
  readOnly: true
{{- end }}
