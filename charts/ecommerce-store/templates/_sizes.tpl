{{/*
Figures of the chosen size. All are integers, so the quota is their sum and follows every override.
*/}}

{{/*
Everything files/sizes.yaml says about this shop, as JSON. An engine without figures is one this chart does not have yet;
it fails here, for Helm renders the folders before requirements.yaml.
*/}}
{{- define "store.size" -}}
{{- $sentence := "Engine %s is known but this version of the chart does not render it yet. Use `engine: medusa`." }}
{{- $engines := .Files.Get "files/sizes.yaml" | fromYaml }}
{{- $sizes := get $engines .Values.engine | required (printf $sentence .Values.engine) }}
{{- get $sizes .Values.size | toJson }}
{{- end }}

{{/* Figures of one component with its overrides, as JSON. (dict "root" $ "component" "server") */}}
{{- define "store.figures" -}}
{{- $size := include "store.size" .root | fromJson }}
{{- $override := get .root.Values.resources .component | default dict }}
{{- merge (deepCopy $override) (get $size .component) | toJson }}
{{- end }}

{{/* Requests and limits of a container. (dict "root" $ "component" "server") */}}
{{- define "store.resources" -}}
{{- $figures := include "store.figures" . | fromJson -}}
requests:
  cpu: {{ printf "%dm" (int $figures.cpuRequest) }}
  memory: {{ printf "%dMi" (int $figures.memoryRequest) }}
limits:
  cpu: {{ printf "%dm" (int $figures.cpuLimit) }}
  memory: {{ printf "%dMi" (int $figures.memoryLimit) }}
{{- end }}

{{/*
Heap of a Node process: 75 % of its memory limit, the rest is for buffers, code and the runtime itself.
(dict "root" $ "component" "server")
*/}}
{{- define "store.nodeOptions" -}}
{{- $figures := include "store.figures" . | fromJson }}
{{- printf "--max-old-space-size=%d" (div (mul (int $figures.memoryLimit) 75) 100) }}
{{- end }}

{{/*
All pods that may stand at once, by component: the steady ones, the storefront that comes before the old one goes, and two
setups, for Helm makes a new Job before it deletes the old.
*/}}
{{- define "store.podsAtOnce" -}}
{{ list "server" "storefront" "database" "storefront" "setup" "setup" | toJson }}
{{- end }}
