{{/* Names, images and identities. Cluster-wide names are fixed: code knows them, and a cluster has one installation. */}}

{{/* Name of a part in the release's namespace. (dict "root" $ "part" "api") */}}
{{- define "platform.name" -}}
{{ .root.Release.Name }}-{{ .part }}
{{- end }}

{{/* Reference of an image; a digest wins over a tag. (image) */}}
{{- define "platform.image" -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag }}{{ end }}
{{- end }}

{{/* User name of a service as the API server sees it. (dict "root" $ "service" "worker") */}}
{{- define "platform.userName" -}}
{{- $subject := get .root.Values.rbac.subjects .service }}
{{- if eq $subject.kind "User" }}{{ $subject.name }}{{ else }}system:serviceaccount:{{ .root.Release.Namespace }}:{{ $subject.name }}{{ end }}
{{- end }}

{{/* That service as subject of a binding. (dict "root" $ "service" "worker") */}}
{{- define "platform.subject" -}}
{{- $subject := get .root.Values.rbac.subjects .service -}}
kind: {{ $subject.kind }}
name: {{ $subject.name | quote }}
{{- if eq $subject.kind "User" }}
apiGroup: rbac.authorization.k8s.io
{{- else }}
namespace: {{ .root.Release.Namespace }}
{{- end }}
{{- end }}

{{/* Host of dashboard and API. */}}
{{- define "platform.host" -}}
{{ .Values.exposure.host | default .Values.baseDomain }}
{{- end }}

{{/* Secret with one Redis address per service. */}}
{{- define "platform.redisSecret" -}}
{{ if eq .Values.redis.mode "external" }}{{ .Values.redis.urlSecret }}{{ else }}{{ include "platform.name" (dict "root" . "part" "redis") }}{{ end }}
{{- end }}

{{/* Secret with the first admin's token. */}}
{{- define "platform.authSecret" -}}
{{ .Values.auth.existingSecret | default (include "platform.name" (dict "root" . "part" "auth")) }}
{{- end }}
