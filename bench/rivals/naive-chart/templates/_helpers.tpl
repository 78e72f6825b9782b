{{- define "naive.pod" -}}
automountServiceAccountToken: false
# Variables like DATABASE_PORT of the cluster would hide the shop's own.
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .uid }}
  runAsGroup: {{ .uid }}
  fsGroup: {{ .uid }}
  seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "naive.container" -}}
imagePullPolicy: IfNotPresent
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}

{{- define "naive.claim" -}}
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: {{ . }}
spec:
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: 2Gi } }
{{- end }}

{{- define "naive.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}
spec:
  selector: { app: {{ .name }} }
  ports: [{ port: {{ .port }}, targetPort: {{ .port }} }]
{{- end }}

{{/* Secrets where the images look for them. */}}
{{- define "naive.secrets" -}}
- name: secrets
  secret:
    secretName: shop
    defaultMode: 0440
    items:
      - { key: databasePassword, path: database/password }
      - { key: email, path: admin/email }
      - { key: password, path: admin/password }
      - { key: jwtSecret, path: app/jwtSecret }
      - { key: cookieSecret, path: app/cookieSecret }
      - { key: publishableKey, path: app/publishableKey }
      - { key: salt, path: app/salt }
{{- end }}
