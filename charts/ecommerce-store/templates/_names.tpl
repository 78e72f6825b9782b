{{/*
Names, addresses and image references. Names are `<release>-<part>` and fixed: roles and the platform know them.
*/}}

{{/* Name of a part. (dict "root" $ "part" "server") */}}
{{- define "store.name" -}}
{{ .root.Release.Name }}-{{ .part }}
{{- end }}

{{/* Name of a Secret: the given one or ours. (dict "root" $ "secret" "admin") */}}
{{- define "store.secretName" -}}
{{ index .root.Values.existingSecrets .secret | default (include "store.name" (dict "root" .root "part" .secret)) }}
{{- end }}

{{/* Id of the store, the release name where nobody gave one. */}}
{{- define "store.id" -}}
{{ .Values.urumi.storeId | default .Release.Name }}
{{- end }}

{{/* Address of the shop as a shopper types it. */}}
{{- define "store.url" -}}
{{- $own := dict "http" 80 "https" 443 }}
{{- $port := int .Values.exposure.port }}
{{- .Values.exposure.scheme }}://{{ .Values.host }}
{{- if and $port (ne $port (get $own .Values.exposure.scheme)) }}:{{ $port }}{{ end }}
{{- end }}

{{/* Every host name of the shop, as JSON. */}}
{{- define "store.hosts" -}}
{{ concat (list .Values.host) .Values.extraHosts | uniq | toJson }}
{{- end }}

{{/* Reference of an image; a digest wins over a tag. (dict "root" $ "image" .Values.medusa.serverImage) */}}
{{- define "store.image" -}}
{{- with .root.Values.images.registry }}{{ . }}/{{ end }}
{{- .image.repository }}
{{- if .image.digest }}@{{ .image.digest }}{{ else }}:{{ .image.tag }}{{ end }}
{{- end }}

{{/*
A text as value of an environment variable: Kubernetes expands `$(NAME)` in it, and a shop may be called that.
*/}}
{{- define "store.envText" -}}
{{ . | replace "$" "$$" | quote }}
{{- end }}
