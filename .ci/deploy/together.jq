# What does not belong together among the objects of an overlay, a line each. Its namespace is $namespace.
def within($all): length > 0 and all(to_entries[]; . as {$key, $value} | $all[$key] == $value);
def named: "\(.kind) \(.metadata.name)";
def kind($kind): map(select(.kind == $kind))[];

.items
| (kind("Deployment") // error("no Deployment")) as $deployment
| $deployment.spec.template as $pod
| [$pod.spec.containers[].ports[].name] as $ports
| (.[] | (if .kind == "Namespace" then .metadata.name else .metadata.namespace end) as $in
    | select($in != $namespace) | "\(named) is in \($in)"),
  (.[] | select(.metadata.labels["app.kubernetes.io/name"] != "cbcerr" and .kind != "Namespace") | "\(named) is not labelled"),
  ((kind("Service") | {who: named, what: .spec.selector}),
    (kind("PodDisruptionBudget") | {who: named, what: .spec.selector.matchLabels}),
    (kind("NetworkPolicy") | {who: named, what: .spec.podSelector.matchLabels}),
    ($pod.spec.topologySpreadConstraints[] | {who: "spread over \(.topologyKey)", what: .labelSelector.matchLabels})
    | select(.what | within($pod.metadata.labels) | not) | "\(.who) does not select the pods"),
  (kind("HorizontalPodAutoscaler") | select(.spec.scaleTargetRef | .kind != "Deployment" or .name != $deployment.metadata.name)
    | "\(named) does not scale the Deployment"),
  (((kind("Service") | .spec.ports[].targetPort), (kind("NetworkPolicy") | .spec.ingress[].ports[].port))
    | select(IN($ports[]) | not) | "no port of the pods is \(.)"),
  (kind("ServiceMonitor") as {$metadata, $spec}
    | [kind("Service") | . as $service | select($spec.selector.matchLabels | within($service.metadata.labels))] as $services
    | select(($services | length) != 1 or $spec.namespaceSelector != null
        or $services[0].metadata.labels[$spec.jobLabel] != "cbcerr" or [$services[0].spec.ports[].name] != [$spec.endpoints[].port])
    | "ServiceMonitor \($metadata.name) finds the Services \([$services[].metadata.name])")
