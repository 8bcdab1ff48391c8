{{/* What everything of a release is called after. */}}
{{- define "comanda.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* The labels that select pods; they never change. Takes (dict "root" $ "name" "orders"). */}}
{{- define "comanda.selector" -}}
app.kubernetes.io/name: {{ default .root.Chart.Name .root.Values.nameOverride | quote }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
app.kubernetes.io/component: {{ .name | quote }}
{{- end -}}

{{- define "comanda.labels" -}}
{{ include "comanda.selector" . }}
app.kubernetes.io/part-of: comanda
app.kubernetes.io/version: {{ include "comanda.tag" .root | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "comanda.tag" -}}
{{- default .Chart.AppVersion .Values.image.tag -}}
{{- end -}}

{{- define "comanda.image" -}}
{{- with .root.Values.image -}}
{{- if .registry }}{{ .registry }}/{{ end }}{{ .prefix }}{{ $.name }}:{{ include "comanda.tag" $.root }}
{{- end -}}
{{- end -}}

{{/* A service as it is to be: what is said of it, over what is said of all. Takes (dict "root" $ "name" "orders"). */}}
{{- define "comanda.service" -}}
{{- mergeOverwrite (deepCopy .root.Values.defaults) (deepCopy (index .root.Values.services .name)) | toJson -}}
{{- end -}}

{{/* What keeps to the restricted profile of pod security. */}}
{{- define "comanda.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}

{{- define "comanda.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end -}}

{{/* Each of these maps as variables, in the order of their names. */}}
{{- define "comanda.plainEnv" -}}
{{- range $name, $value := . }}
- name: {{ $name }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- end -}}

{{/* What every process of the platform is told: the root secret, the broker, and how much to say. */}}
{{- define "comanda.commonEnv" -}}
- name: COMANDA_SECRET
  valueFrom:
    secretKeyRef:
      name: {{ .Values.secret.name }}
      key: {{ .Values.secret.key }}
- name: KAFKA_BROKERS
  value: {{ .Values.kafka.brokers | quote }}
{{- with .Values.kafka }}
{{- if .tls }}
- name: KAFKA_TLS
  value: "true"
{{- end }}
{{- if .caSecret }}
- name: KAFKA_CA
  valueFrom:
    secretKeyRef:
      name: {{ .caSecret }}
      key: {{ .caKey }}
{{- end }}
{{- if .username }}
- name: KAFKA_USERNAME
  value: {{ .username | quote }}
- name: KAFKA_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ .passwordSecret }}
      key: {{ .passwordKey }}
{{- end }}
{{- end }}
- name: DATABASE_PREFIX
  value: {{ .Values.database.prefix | quote }}
{{- end -}}

{{/* Where a service's database is, for the two log-ins that it serves with. The owner's is the migration's alone. */}}
{{- define "comanda.databaseEnv" -}}
{{- $database := .root.Values.database -}}
{{- if $database.existingSecret -}}
{{- range list "APP" "WORKER" }}
{{- $variable := printf "%s_%s_DATABASE_URL" (upper $.name) . }}
- name: {{ $variable }}
  valueFrom:
    secretKeyRef:
      name: {{ $database.existingSecret }}
      key: {{ $variable }}
{{- end }}
{{- else }}
- name: DATABASE_URL
  value: {{ printf "postgresql://%s/%s" $database.host (empty $database.parameters | ternary "" (printf "?%s" $database.parameters)) | quote }}
{{- end }}
{{- end -}}

{{/* One entry of a NetworkPolicy's ingress or egress: these ports, from or to these peers, or anybody where none are named. */}}
{{- define "comanda.egress" -}}
- ports:
    {{- range .ports }}
    - port: {{ . }}
      protocol: TCP
    {{- end }}
  {{- with .to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "comanda.dnsEgress" -}}
- ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
{{- end -}}

{{/* What the migration needs is there before it, and gone when it has succeeded: nothing else of the release exists yet. */}}
{{- define "comanda.beforeMigrate" -}}
helm.sh/hook: pre-install,pre-upgrade
helm.sh/hook-weight: "-10"
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end -}}
