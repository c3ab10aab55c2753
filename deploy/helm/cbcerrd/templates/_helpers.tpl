{{/* The name of the objects. */}}
{{- define "cbcerrd.fullname" -}}
{{- $default := contains "cbcerr" .Release.Name | ternary .Release.Name (printf "%s-cbcerr" .Release.Name) -}}
{{- .Values.fullnameOverride | default $default | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{/* The labels of the pods that selectors use. The alerts require the name "cbcerr". */}}
{{- define "cbcerrd.selectorLabels" -}}
app.kubernetes.io/name: cbcerr
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "cbcerrd.labels" -}}
{{ include "cbcerrd.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* The metadata of an object. Arguments: context, suffix of the name, further labels, annotations. */}}
{{- define "cbcerrd.metadata" -}}
name: {{ include "cbcerrd.fullname" .context }}{{ .suffix }}
namespace: {{ .context.Release.Namespace }}
labels:
  {{- include "cbcerrd.labels" .context | nindent 2 }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "cbcerrd.image" -}}
{{- .Values.image.repository -}}
{{- with .Values.image.digest }}@{{ . }}{{ else }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end -}}
{{- end -}}

{{- define "cbcerrd.catalog" -}}
{{- .Values.catalog.configMap | default (printf "%s-catalog" (include "cbcerrd.fullname" .)) -}}
{{- end -}}

{{/* The flags that the chart sets itself, as a YAML map. */}}
{{- define "cbcerrd.ownFlags" -}}
admin-addr: :9091
locales-dir: /etc/cbcerr/catalog
overlays-dir: /etc/cbcerr/catalog
{{- if .Values.tls.secretName }}
tls-cert: /etc/cbcerr/tls/tls.crt
tls-key: /etc/cbcerr/tls/tls.key
{{- if .Values.tls.clientAuth }}
tls-client-ca: /etc/cbcerr/{{ empty .Values.tls.clientCASecretName | ternary "tls" "client-ca" }}/ca.crt
{{- end }}
{{- end }}
{{- if .Values.tokens.secretName }}
auth-tokens: /etc/cbcerr/tokens/tokens
{{- end }}
{{- end -}}

{{/* Variables of flags. Helm reads numbers as floats, which JSON writes without an exponent. */}}
{{- define "cbcerrd.variables" -}}
{{- range $flag, $value := . }}
- name: CBCERR_{{ $flag | upper | replace "-" "_" }}
  value: {{ kindIs "string" $value | ternary $value (toJson $value) | quote }}
{{- end }}
{{- end -}}

{{/* Directories of Secrets by the name of the volume. Files mounted by subPath would not be updated. */}}
{{- define "cbcerrd.secrets" -}}
{{- with .Values.tls.secretName }}
tls: {{ . }}
{{- end }}
{{- if and .Values.tls.secretName .Values.tls.clientAuth .Values.tls.clientCASecretName }}
client-ca: {{ .Values.tls.clientCASecretName }}
{{- end }}
{{- with .Values.tokens.secretName }}
tokens: {{ . }}
{{- end }}
{{- end -}}
