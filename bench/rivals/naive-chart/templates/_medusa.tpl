{{/* Image, environment and mounts that server and set-up steps share. */}}
{{- define "naive.medusaContainer" -}}
image: {{ required "images.server" .Values.images.server }}
{{ include "naive.container" . }}
env:
  - { name: HOME, value: /tmp }
  - { name: NODE_OPTIONS, value: --max-old-space-size=576 }
  - { name: DATABASE_HOST, value: database }
  - { name: DATABASE_NAME, value: medusa }
  - { name: DATABASE_USER, value: medusa }
  - { name: STORE_URL, value: 'http://{{ .Values.host }}:{{ .Values.port }}' }
  - { name: SHOP_NAME, value: Naive }
  - { name: SHOP_CURRENCY, value: {{ .Values.currency }} }
  - { name: PORT, value: '9000' }
  - { name: ADMIN_EMAIL, valueFrom: { secretKeyRef: { name: shop, key: email } } }
  - { name: ADMIN_PASSWORD, valueFrom: { secretKeyRef: { name: shop, key: password } } }
workingDir: /srv/medusa
resources:
  requests: { cpu: 100m, memory: 448Mi }
  limits: { cpu: '2', memory: 768Mi }
volumeMounts:
  - { name: tmp, mountPath: /tmp }
  - { name: uploads, mountPath: /srv/medusa/static }
  - { name: seed, mountPath: /seed, readOnly: true }
  - { name: secrets, mountPath: /run/secrets/urumi, readOnly: true }
{{- end }}
