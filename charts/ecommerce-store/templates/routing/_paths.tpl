{{/*
What of a host goes where: Medusa's own paths to the server, all else to the storefront. As JSON: a list of {path, part, port}.
*/}}
{{- define "store.routes" -}}
{{- $routes := list }}
{{- range list "/store" "/admin" "/auth" "/app" "/health" "/hooks" "/static" }}
{{- $routes = append $routes (dict "path" . "part" "server" "port" 9000) }}
{{- end }}
{{- append $routes (dict "path" "/" "part" "storefront" "port" 8080) | toJson }}
{{- end }}
