{{/*
What every pod shares. Security contexts: Pod Security *restricted*, and beyond it a read-only root, numeric ids, no token, no
service links. And the nodes it may run on.
*/}}

{{/*
What every pod spec opens with. (dict "root" $ "uid" 1000 "graceSeconds" 10)
OnRootMismatch: a volume full of pictures is not walked at every start.
*/}}
{{- define "store.podSecurity" -}}
serviceAccountName: {{ include "store.name" (dict "root" .root "part" "shop") }}
automountServiceAccountToken: false
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
{{- with .root.Values.scheduling.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.scheduling.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.images.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{/* Security context of every container. */}}
{{- define "store.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}
