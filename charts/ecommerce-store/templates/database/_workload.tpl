{{/*
A database as a StatefulSet of one: Kubernetes never runs two of its pods on the same data. Engines give what differs:
(dict "root" $ "image" .Values.medusa.databaseImage "ping" (list "pg_isready") "run" "/run/postgresql" "tmp" "64Mi"
  "env" (dict "PGDATA" "/data/pgdata"))
*/}}
{{- define "store.databaseWorkload" -}}
{{- $live := include "store.liveDatabase" .root | fromJson }}
{{- $part := dict "root" .root "part" "database" "component" "database" }}
{{- $image := include "store.image" . }}
apiVersion: apps/v1
kind: StatefulSet
metadata:
  {{- include "store.metadata" $part | nindent 2 }}
spec:
  replicas: 1
  revisionHistoryLimit: 2
  serviceName: {{ include "store.name" $part }}
  # A pod that never gets ready is replaced by a corrected one; in order, Kubernetes would wait for it for ever
  # (kubernetes/kubernetes#67250). The policy cannot be changed, so a live set keeps its own.
  podManagementPolicy: {{ dig "spec" "podManagementPolicy" "Parallel" $live }}
  selector:
    matchLabels:
      {{- include "store.selectorLabels" $part | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "store.podLabels" $part | nindent 8 }}
    spec:
      {{- include "store.podSecurity" (dict "root" .root "uid" 999 "graceSeconds" 30) | nindent 6 }}
      containers:
        - name: database
          image: {{ $image | quote }}
          imagePullPolicy: {{ .root.Values.images.pullPolicy }}
          securityContext:
            {{- include "store.containerSecurity" .root | nindent 12 }}
          env:
            {{- range $name, $value := .env }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
            - name: TEMPLATE
              value: {{ include "store.databaseTemplate" (dict "root" .root "image" $image) | quote }}
          ports:
            - name: database
              containerPort: {{ (include "store.engine" .root | fromJson).databasePort }}
          startupProbe:
            exec:
              command: {{ .ping | toJson }}
            periodSeconds: 1
            # A ping may wait for a server that is starting, so that the probe ends in the moment it answers.
            timeoutSeconds: 30
            failureThreshold: 120
          readinessProbe:
            exec:
              command: {{ .ping | toJson }}
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 3
          livenessProbe:
            exec:
              command: {{ .ping | toJson }}
            periodSeconds: 30
            timeoutSeconds: 5
            failureThreshold: 6
          resources:
            {{- include "store.resources" $part | nindent 12 }}
          volumeMounts:
            - name: data
              mountPath: /data
            - name: tmp
              mountPath: /tmp
            - name: run
              mountPath: {{ .run }}
            {{- include "store.secretMount" (dict "secret" "database") | nindent 12 }}
      volumes:
        - name: data
          persistentVolumeClaim:
            claimName: {{ include "store.name" (dict "root" .root "part" "database-data") }}
        - name: tmp
          emptyDir:
            sizeLimit: {{ .tmp }}
        - name: run
          emptyDir:
            sizeLimit: 8Mi
        {{- include "store.secretVolume" (dict "root" .root "secret" "database" "keys" (list "password")) | nindent 8 }}
{{- end }}

{{/* The database's StatefulSet in the cluster, as JSON; empty without one. */}}
{{- define "store.liveDatabase" -}}
{{ lookup "apps/v1" "StatefulSet" .Release.Namespace (include "store.name" (dict "root" . "part" "database")) | default dict | toJson }}
{{- end }}
