{{/*
What of a host goes where: Medusa's own paths to the server, all else to what serves the pages. As JSON: a list of
{path, part, port}.
*/}}
{{- define "store.routes" -}}
{{- $routes := list }}
{{- if eq .Values.engine "medusa" }}
{{- range list "/store" "/admin" "/auth" "/app" "/health" "/hooks" "/static" }}
{{- $routes = append $routes (dict "path" . "part" "server" "port" 9000) }}
{{- end }}
{{- end }}
{{- append $routes (dict "path" "/" "part" (include "store.engine" . | fromJson).front "port" 8080) | toJson }}
{{- end }}
