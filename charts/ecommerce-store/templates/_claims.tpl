{{/*
A claim keeps the storage it was made with, whatever size the shop gets: Kubernetes refuses to shrink one, and lets one grow only
where its storage class can. Whoever grows it by hand is followed.
*/}}

{{/* A quantity of storage in whole GiB, rounded up. ("5Gi") */}}
{{- define "store.gib" -}}
{{- $number := regexFind "^[0-9]+" . | int64 }}
{{- $unit := regexReplaceAll "^[0-9]+" . "" }}
{{- if eq $unit "Ti" }}{{ mul $number 1024 }}
{{- else if eq $unit "Gi" }}{{ $number }}
{{- else if eq $unit "Mi" }}{{ div (add $number 1023) 1024 }}
{{- else if eq $unit "" }}{{ div (add $number 1073741823) 1073741824 }}
{{- else }}{{ fail (printf "A claim of this shop asks for %q, a unit this chart cannot add to its quota. Write it in Mi, Gi or Ti." .) }}
{{- end }}
{{- end }}

{{/* The claim in the cluster, as JSON; empty without one. (dict "root" $ "part" "uploads") */}}
{{- define "store.liveClaim" -}}
{{ lookup "v1" "PersistentVolumeClaim" .root.Release.Namespace (include "store.name" .) | default dict | toJson }}
{{- end }}

{{/* Storage a claim asks for: the size's, or the live claim's where there is one. (dict "root" $ "part" "uploads" "claim" "uploads") */}}
{{- define "store.claimStorage" -}}
{{- $size := include "store.size" .root | fromJson }}
{{- $wanted := printf "%dGi" (int (get $size.claims .claim)) }}
{{- include "store.liveClaim" . | fromJson | dig "spec" "resources" "requests" "storage" $wanted }}
{{- end }}

{{/* Access mode of a claim; it cannot be changed, so a live claim keeps its own. (dict "root" $ "part" "uploads" "claim" "uploads") */}}
{{- define "store.claimAccessMode" -}}
{{- $wanted := eq .claim "uploads" | ternary .root.Values.storage.accessMode "ReadWriteOnce" }}
{{- include "store.liveClaim" . | fromJson | dig "spec" "accessModes" (list $wanted) | first }}
{{- end }}

{{/*
Spec of a claim; the storage class cannot be changed, so a live claim keeps its own.
(dict "root" $ "part" "uploads" "claim" "uploads")
*/}}
{{- define "store.claimSpec" -}}
{{- $live := include "store.liveClaim" . | fromJson -}}
accessModes: [{{ include "store.claimAccessMode" . }}]
resources:
  requests:
    storage: {{ include "store.claimStorage" . }}
{{- with dig "spec" "storageClassName" .root.Values.storage.className $live }}
storageClassName: {{ . }}
{{- end }}
{{- end }}
