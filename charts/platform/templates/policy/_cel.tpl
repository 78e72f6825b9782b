{{/*
Pieces of the admission policies. Values come in as JSON, which is CEL's own form of texts and lists; the schema keeps them to
names, hosts and image references.
*/}}

{{/* Namespaces of this installation: `store-` and a generated id, as in libs/shared k8s/names.ts. */}}
{{- define "platform.celStoreName" -}}
'^store-[a-z][a-z0-9]{7}$'
{{- end }}

{{/* Selector of those namespaces. */}}
{{- define "platform.storeNamespaces" -}}
namespaceSelector:
  matchLabels:
    urumi.dev/installation: {{ .Values.installationId }}
{{- end }}

{{/* True for requests of any shop's installer. */}}
{{- define "platform.celIsInstaller" -}}
request.userInfo.username.startsWith('system:serviceaccount:') && request.userInfo.username.endsWith(':store-installer')
{{- end }}

{{/* Beginnings of image references that shops may use, as JSON. */}}
{{- define "platform.images" -}}
{{- $registry := .Values.stores.images.registry | default "" }}
{{- $own := list (printf "%surumi/" (empty $registry | ternary "" (printf "%s/" $registry))) }}
{{- .Values.policy.imageAllowList | default $own | toJson }}
{{- end }}

{{/* Spec all policies share: where a rule cannot be judged, the request is refused. */}}
{{- define "platform.policyBinding" -}}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  {{- include "platform.clusterMetadata" (dict "root" .root "name" .name "component" "policy") | nindent 2 }}
spec:
  policyName: {{ .name }}
  validationActions: [Deny]
{{- end }}
