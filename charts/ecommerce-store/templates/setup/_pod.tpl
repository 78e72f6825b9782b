{{/*
The part of the setup Job that Kubernetes does not let change. The Job's name carries its hash, so whatever differs here makes
a new Job and runs setup again: nothing of the version, the generation or the size may stand in it. Setup must bear that, and
two at once: it locks the database and adds only what is missing.
*/}}
{{- define "store.setupJob" -}}
{{- $part := dict "root" . "part" "setup" "component" "setup" }}
{{- $engine := include "store.engine" . | fromJson -}}
podFailurePolicy:
  rules:
    # Exit 42: the input is bad and will be at every try.
    - action: FailJob
      onExitCodes:
        containerName: setup
        operator: In
        values: [42]
    # The node went away; that is no failure of setup.
    - action: Ignore
      onPodConditions:
        - type: DisruptionTarget
template:
  metadata:
    labels:
      {{- include "store.podLabels" $part | nindent 6 }}
    annotations:
      checksum/config: {{ include "store.setupFiles" . | sha256sum }}
  spec:
    {{- include "store.podSecurity" (dict "root" . "uid" (int $engine.uid) "graceSeconds" 10) | nindent 4 }}
    # A failed pod stays, and with it the log that tells why.
    restartPolicy: Never
    containers:
      - name: setup
        image: {{ include "store.image" (dict "root" . "image" $engine.image) | quote }}
        imagePullPolicy: {{ .Values.images.pullPolicy }}
        command: [/bin/sh, /etc/urumi/setup/setup.sh]
        securityContext:
          {{- include "store.containerSecurity" . | nindent 10 }}
        env:
          {{- if eq .Values.engine "woocommerce" }}
          {{- include "store.wordpressSetupEnv" $part | nindent 10 }}
          {{- else }}
          {{- include "store.medusaSetupEnv" $part | nindent 10 }}
          {{- end }}
          - name: SETUP_RUN
            value: {{ int64 .Values.urumi.setupRun | quote }}
        resources:
          {{- include "store.resources" $part | nindent 10 }}
        volumeMounts:
          - name: tmp
            mountPath: /tmp
          - name: setup
            mountPath: /etc/urumi/setup
            readOnly: true
          {{- include "store.secretMount" (dict "secret" "admin") | nindent 10 }}
          {{- include "store.secretMount" (dict "secret" "database") | nindent 10 }}
          {{- include "store.secretMount" (dict "secret" "app") | nindent 10 }}
    volumes:
      {{- if eq .Values.engine "woocommerce" }}
      {{- include "store.phpTmp" . | nindent 6 }}
      {{- else }}
      - name: tmp
        emptyDir:
          sizeLimit: 256Mi
      {{- end }}
      - name: setup
        configMap:
          name: {{ include "store.name" $part }}
          defaultMode: 0444
      {{- include "store.secretVolume" (dict "root" . "secret" "admin" "keys" (list "email" "password")) | nindent 6 }}
      {{- include "store.secretVolume" (dict "root" . "secret" "database" "keys" (list "password")) | nindent 6 }}
      {{- include "store.secretVolume" (dict "root" . "secret" "app" "keys" $engine.appKeys) | nindent 6 }}
{{- end }}
