{{/*
Probes of an HTTP component. Start-up asks for the ready page, at a budget above setup's, since the page comes only when the
shop is set up; its success triggers readiness at once. The shop's Host header is sent, for pages may depend on it.
(dict "root" $ "start" "/readyz?page" "ready" "/readyz?now" "live" "/healthz" "startPort" "opening" "startTimeout" 31 "liveTimeout" 20), the last three as
needed: a start page that waits until the shop is there ends the probe in that moment; a server whose workers are all busy with
shoppers answers late and is no dead one.
*/}}
{{- define "store.httpProbes" -}}
startupProbe:
  {{- include "store.httpGet" (dict "root" .root "path" .start "port" .startPort) | nindent 2 }}
  periodSeconds: 1
  timeoutSeconds: {{ .startTimeout | default 5 }}
  failureThreshold: {{ add (int .root.Values.setup.deadlineSeconds) 300 }}
readinessProbe:
  {{- include "store.httpGet" (dict "root" .root "path" .ready) | nindent 2 }}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
livenessProbe:
  {{- include "store.httpGet" (dict "root" .root "path" .live) | nindent 2 }}
  periodSeconds: 20
  timeoutSeconds: {{ .liveTimeout | default 5 }}
  failureThreshold: 3
{{- end }}

{{- define "store.httpGet" -}}
httpGet:
  path: {{ .path }}
  port: {{ .port | default "http" }}
  httpHeaders:
    - name: Host
      value: {{ .root.Values.host }}
{{- end }}

{{/* Time a rollout may take before it counts as stuck: longer than the start-up budget. */}}
{{- define "store.progressDeadline" -}}
{{ add (int .Values.setup.deadlineSeconds) 360 }}
{{- end }}
