// Package definitions names the packages in which operators say what their resources are; controller-gen writes the definitions that
// operators install from what stands there. Those of KEDA, the Prometheus operator and the Gateway API: what the chart itself makes.
package definitions

import (
	_ "github.com/kedacore/keda/v2/apis/keda/v1alpha1"
	_ "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	_ "sigs.k8s.io/gateway-api/apis/v1"
)
