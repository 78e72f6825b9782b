{{/* What every shop is given beside its own values: a file of the store chart's values. */}}
{{- define "platform.storesFile" -}}
{{ toYaml .Values.stores }}
{{- end }}

{{/* Engines that have no image here, as a JSON object of reasons. WooCommerce's has no tag of its own: who builds it names it. */}}
{{- define "platform.enginesUnavailable" -}}
{{- $reasons := dict }}
{{- $image := (.Values.stores.woocommerce | default dict).image | default dict }}
{{- if not (or $image.tag $image.digest) }}
{{- $_ := set $reasons "woocommerce" "No image of WooCommerce was given. Your operator builds one with the plugin's archive and names it in stores.woocommerce." }}
{{- end }}
{{- toJson $reasons }}
{{- end }}
