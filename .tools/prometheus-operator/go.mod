module github.com/cbcerr/cbcerr/.tools/prometheus-operator

go 1.26

// No tool: its definitions of ServiceMonitor and PrometheusRule are wanted.
require github.com/prometheus-operator/prometheus-operator v0.85.0
