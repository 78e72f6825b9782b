{{/*
What engines differ in where more than one template asks, as JSON:
  front         component that shoppers' pages come from, at port 8080
  app           component that speaks to the database, holds the uploads and runs set-up's image
  uid, image    of that component
  appKeys       keys of the app Secret
  adminPath     where the shop's owner signs in
  databasePort
*/}}
{{- define "store.engine" -}}
{{- if eq .Values.engine "woocommerce" }}
{{- dict "front" "web" "app" "web" "uid" 33 "image" .Values.woocommerce.image "appKeys" (list "salt")
  "adminPath" "/wp-admin/" "databasePort" 3306 | toJson }}
{{- else }}
{{- dict "front" "storefront" "app" "server" "uid" 1000 "image" .Values.medusa.serverImage
  "appKeys" (list "jwtSecret" "cookieSecret" "publishableKey") "adminPath" "/app" "databasePort" 5432 | toJson }}
{{- end }}
{{- end }}
