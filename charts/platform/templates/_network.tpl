{{/* Parts of network policies. */}}

{{/* One item of `from` or `to`. ({namespace, podLabels} or {cidr}) */}}
{{- define "platform.peer" -}}
{{- if .cidr -}}
- ipBlock:
    cidr: {{ .cidr }}
{{- else -}}
- namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: {{ .namespace }}
  {{- with .podLabels }}
  podSelector:
    matchLabels:
      {{- toYaml . | nindent 6 }}
  {{- end }}
{{- end }}
{{- end }}

{{/* What every service reaches: DNS, the bundled Redis, the Kubernetes API. */}}
{{- define "platform.egress" -}}
- to:
    {{- with .Values.network.dns }}
    {{- if .namespace }}
    {{- include "platform.peer" (pick . "namespace" "podLabels") | nindent 4 }}
    {{- end }}
    {{- range .cidrs }}
    {{- include "platform.peer" (dict "cidr" .) | nindent 4 }}
    {{- end }}
    {{- end }}
  ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
{{- if eq .Values.redis.mode "bundled" }}
- to:
    - podSelector:
        matchLabels:
          {{- include "platform.selectorLabels" (dict "root" . "component" "redis") | nindent 10 }}
  ports:
    - port: 6379
      protocol: TCP
{{- else }}
# An external Redis may be anywhere; its address stands in a Secret this chart cannot read.
- ports:
    - port: {{ .Values.redis.port }}
      protocol: TCP
{{- end }}
- ports:
    - port: 443
      protocol: TCP
    - port: 6443
      protocol: TCP
  {{- with .Values.network.apiServerCidrs }}
  to:
    {{- range . }}
    - ipBlock:
        cidr: {{ . }}
    {{- end }}
  {{- end }}
{{- end }}
