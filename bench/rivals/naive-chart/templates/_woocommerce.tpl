{{/* Image, environment and mounts that the web container and the set-up Job share. */}}
{{- define "naive.woocommerceContainer" -}}
image: {{ required "images.web" .Values.images.web }}
{{ include "naive.container" . }}
env:
  - { name: HOME, value: /tmp }
  - { name: DATABASE_HOST, value: database }
  - { name: DATABASE_NAME, value: wordpress }
  - { name: DATABASE_USER, value: wordpress }
  - { name: STORE_ID, value: naive }
  - { name: STORE_URL, value: 'http://{{ .Values.host }}:{{ .Values.port }}' }
  - { name: HOST, value: {{ .Values.host }} }
  - { name: SHOP_NAME, value: Naive }
  - { name: SHOP_CURRENCY, value: {{ .Values.currency }} }
  - { name: SHOP_LOCALE, value: {{ .Values.locale }} }
  - { name: PORT, value: '8080' }
  - { name: PHP_WORKERS, value: '4' }
  - { name: INTERNET, value: 'off' }
  - { name: PLUGIN, value: woocommerce }
  - { name: SETUP_ROUTE, value: scratch }
resources:
  requests: { cpu: 50m, memory: 256Mi }
  limits: { cpu: '2', memory: 640Mi }
volumeMounts:
  - { name: tmp, mountPath: /tmp }
  - { name: run, mountPath: /run/apache2 }
  - { name: uploads, mountPath: /srv/wordpress/wp-content/uploads }
  - { name: seed, mountPath: /seed, readOnly: true }
  - { name: secrets, mountPath: /run/secrets/urumi, readOnly: true }
{{- end }}

{{- define "naive.woocommerceVolumes" -}}
- { name: tmp, emptyDir: { medium: Memory, sizeLimit: 192Mi } }
- { name: run, emptyDir: {} }
- { name: uploads, persistentVolumeClaim: { claimName: uploads } }
- { name: seed, configMap: { name: seed } }
{{ include "naive.secrets" . }}
{{- end }}
