{{/*
What every pod of the platform has: Pod Security *restricted*, a read-only root, numeric ids, one place to write.
*/}}

{{/* Opening of a pod spec. (dict "root" $ "part" "api" "uid" 1000 "graceSeconds" 30 "token" true) */}}
{{- define "platform.podSecurity" -}}
serviceAccountName: {{ include "platform.name" . }}
automountServiceAccountToken: {{ .token }}
enableServiceLinks: false
terminationGracePeriodSeconds: {{ .graceSeconds }}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .uid }}
  runAsGroup: {{ .uid }}
  fsGroup: {{ .uid }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- with .root.Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "platform.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* Pods of one service on different nodes where there are some; one node is no reason to wait. (dict "root" $ "component" "api") */}}
{{- define "platform.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "platform.selectorLabels" . | nindent 8 }}
{{- end }}

{{/* Environment all services share. (dict "root" $ "part" "api") */}}
{{- define "platform.env" -}}
- name: HOME
  value: /tmp
- name: TMPDIR
  value: /tmp
- name: URUMI_INSTALLATION_ID
  value: {{ .root.Values.installationId }}
- name: REDIS_URL
  valueFrom:
    secretKeyRef:
      name: {{ include "platform.redisSecret" .root }}
      key: {{ .part }}
{{- if and (eq .root.Values.redis.mode "external") .root.Values.redis.caSecret }}
- name: NODE_EXTRA_CA_CERTS
  value: /run/secrets/urumi/redis-ca/ca.crt
{{- end }}
- name: LOG_LEVEL
  value: {{ .root.Values.logLevel }}
- name: OPS_HOST
  value: 0.0.0.0
- name: OPS_PORT
  value: '9090'
{{- end }}

{{/*
Probes: `/livez` is the process, `/readyz` Redis. Six tries, so a short outage of Redis still gets an answer that says so.
(dict "port" "http")
*/}}
{{- define "platform.probes" -}}
startupProbe:
  httpGet:
    path: /livez
    port: {{ .port }}
  periodSeconds: 1
  failureThreshold: 60
readinessProbe:
  httpGet:
    path: /readyz
    port: {{ .port }}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
livenessProbe:
  httpGet:
    path: /livez
    port: {{ .port }}
  periodSeconds: 20
  timeoutSeconds: 5
  failureThreshold: 3
{{- end }}

{{/* Scheme and port of shops' addresses, for who shows or probes them. */}}
{{- define "platform.storeAddressEnv" -}}
- name: STORE_SCHEME
  value: {{ .Values.stores.exposure.scheme | default "https" }}
- name: STORE_PORT
  value: {{ .Values.stores.exposure.port | default 0 | int | quote }}
{{- end }}

{{/* Mount and volume of the authority of an external Redis; empty where there is none. */}}
{{- define "platform.redisCaMount" -}}
{{- if and (eq .Values.redis.mode "external") .Values.redis.caSecret }}
- name: redis-ca-secret
  mountPath: /run/secrets/urumi/redis-ca
  readOnly: true
{{- end }}
{{- end }}
{{- define "platform.redisCaVolume" -}}
{{- if and (eq .Values.redis.mode "external") .Values.redis.caSecret }}
- name: redis-ca-secret
  secret:
    secretName: {{ .Values.redis.caSecret }}
    defaultMode: 0440
    items:
      - key: ca.crt
        path: ca.crt
{{- end }}
{{- end }}
