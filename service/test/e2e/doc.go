// Package e2e tests cbcerrd processes end to end. Calls must survive restarts, drains, reloads and overload. Clients must be
// served after a pause of the process. Memory must stay below the pod's limit whatever clients send.
//
//	go test -tags e2e ./service/test/e2e
//
// The tests count calls and bytes. They assert no time and no rate: deadlines only end a hang. They need Linux, nginx and
// HAProxy, and take about five minutes.
package e2e
