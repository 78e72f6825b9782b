{{/* How metrics are reached: a port of their own, a Service of their own, and only for who is named. */}}

{{/* Service of one component's metrics; headless, for each pod is asked by itself. (dict "root" $ "part" "api" "component" "api") */}}
{{- define "platform.opsService" -}}
{{- $part := dict "root" .root "part" (printf "%s-ops" .component) "component" .component -}}
apiVersion: v1
kind: Service
metadata:
  {{- include "platform.metadata" $part | nindent 2 }}
    urumi.dev/metrics: 'true'
spec:
  type: ClusterIP
  clusterIP: None
  # A pod that is not ready is just the one to look at.
  publishNotReadyAddresses: true
  selector:
    {{- include "platform.selectorLabels" . | nindent 4 }}
  ports:
    - name: ops
      port: 9090
      targetPort: ops
{{- end }}

{{/* Ingress rule of a network policy that lets the scraper in; nothing where nobody scrapes. (root) */}}
{{- define "platform.scrapeIngress" -}}
{{- if .Values.monitoring.serviceMonitor }}
- from:
    {{- range .Values.monitoring.scrapeFrom }}
    {{- include "platform.peer" . | nindent 4 }}
    {{- end }}
  ports:
    - port: 9090
      protocol: TCP
{{- end }}
{{- end }}
