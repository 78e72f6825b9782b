{{/* Labels; version and chart stand on an object's own metadata only, for in a pod template they would restart pods. */}}

{{- define "platform.selectorLabels" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "platform.labels" -}}
{{ include "platform.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: urumi
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end }}

{{/* Name and labels of an object in the release's namespace. (dict "root" $ "part" "api" "component" "api") */}}
{{- define "platform.metadata" -}}
name: {{ include "platform.name" . }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "platform.labels" . | nindent 2 }}
{{- end }}

{{/* Name and labels of a cluster-wide object. (dict "root" $ "name" "urumi-worker" "component" "worker") */}}
{{- define "platform.clusterMetadata" -}}
name: {{ .name }}
labels:
  {{- include "platform.labels" . | nindent 2 }}
{{- end }}
