# Prints the inconsistencies among the objects of an overlay, one per line. $namespace is the namespace of the overlay.
def subset_of($all): length > 0 and all(to_entries[]; . as {$key, $value} | $all[$key] == $value);
def named: "\(.kind) \(.metadata.name)";
def kind($kind): map(select(.kind == $kind))[];

.items
| (kind("Deployment") // error("no Deployment")) as $deployment
| $deployment.spec.template as $pod
| [$pod.spec.containers[].ports[].name] as $ports
| (.[] | (if .kind == "Namespace" then .metadata.name else .metadata.namespace end) as $actual
    | select($actual != $namespace) | "\(named) is in \($actual)"),
  (.[] | select(.metadata.labels["app.kubernetes.io/name"] != "cbcerr" and .kind != "Namespace") | "\(named) is not labelled"),
  ((kind("Service") | {name: named, selector: .spec.selector}),
    (kind("PodDisruptionBudget") | {name: named, selector: .spec.selector.matchLabels}),
    (kind("NetworkPolicy") | {name: named, selector: .spec.podSelector.matchLabels}),
    ($pod.spec.topologySpreadConstraints[] | {name: "spread over \(.topologyKey)", selector: .labelSelector.matchLabels})
    | select(.selector | subset_of($pod.metadata.labels) | not) | "\(.name) does not select the pods"),
  (kind("HorizontalPodAutoscaler") | select(.spec.scaleTargetRef | .kind != "Deployment" or .name != $deployment.metadata.name)
    | "\(named) does not scale the Deployment"),
  (((kind("Service") | .spec.ports[].targetPort), (kind("NetworkPolicy") | .spec.ingress[].ports[].port))
    | select(IN($ports[]) | not) | "no port of the pods is \(.)"),
  (kind("ServiceMonitor") as {$metadata, $spec}
    | [kind("Service") | . as $service | select($spec.selector.matchLabels | subset_of($service.metadata.labels))] as $services
    | select(($services | length) != 1 or $spec.namespaceSelector != null
        or $services[0].metadata.labels[$spec.jobLabel] != "cbcerr" or [$services[0].spec.ports[].name] != [$spec.endpoints[].port])
    | "ServiceMonitor \($metadata.name) finds the Services \([$services[].metadata.name])")
