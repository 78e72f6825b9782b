{{/*
/tmp of what runs PHP, in memory: compiled code lies there, and from a disk the first page takes a second longer. It counts
against the container's memory limit; sizes.yaml has room for it.
*/}}
{{- define "store.phpTmp" -}}
- name: tmp
  emptyDir:
    medium: Memory
    sizeLimit: 192Mi
{{- end }}
