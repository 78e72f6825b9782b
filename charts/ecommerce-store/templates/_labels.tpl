{{/*
Labels and annotations. Version, chart and generation stand on an object's own metadata only: in a pod template they would
restart pods.
*/}}

{{/* What selectors choose by; immutable in workloads. (dict "root" $ "component" "server") */}}
{{- define "store.selectorLabels" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Labels of a pod template. (dict "root" $ "component" "server") */}}
{{- define "store.podLabels" -}}
{{ include "store.selectorLabels" . }}
urumi.dev/store-id: {{ include "store.id" .root | quote }}
urumi.dev/engine: {{ .root.Values.engine }}
{{- end }}

{{/* Labels of an object. (dict "root" $ "component" "server") */}}
{{- define "store.labels" -}}
{{ include "store.podLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: urumi
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end }}

{{/*
Name, labels and annotations of an object.
(dict "root" $ "part" "server" "component" "server" "keep" true "annotations" (dict …)), the last two as needed:
`keep` marks what outlives an uninstall where storage.retain says so. `spec`, the spec as YAML, stands in an annotation as the hash of
its JSON with sorted keys: who reads the object can tell whether it was edited. Only for kinds to which the API server adds nothing.
*/}}
{{- define "store.metadata" -}}
name: {{ include "store.name" . }}
labels:
  {{- include "store.labels" . | nindent 2 }}
annotations:
  urumi.dev/generation: {{ .root.Values.urumi.generation | int64 | quote }}
  {{- if and .keep .root.Values.storage.retain }}
  helm.sh/resource-policy: keep
  {{- end }}
  {{- with .spec }}
  urumi.dev/spec-hash: {{ fromYaml . | toJson | sha256sum }}
  {{- end }}
  {{- range $key, $value := .annotations }}
  {{ $key }}: {{ $value | quote }}
  {{- end }}
{{- end }}
