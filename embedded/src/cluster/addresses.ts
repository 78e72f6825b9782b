/**
 * The addresses inside a cluster's own network namespace. Every cluster has the same ones: no two namespaces meet.
 */
export const NODE_NAME = 'node1';
export const NODE_ADDRESS = '10.99.0.2';
export const NODE_RANGE = '10.99.0.0/24';
export const SERVICE_RANGE = '10.96.0.0/16';
export const POD_RANGE = '10.244.0.0/22';
/** Of simulated nodes and their pods. Nothing has these addresses: whoever asks them is told at once that there is no way. */
export const SIMULATED_RANGE = '10.245.0.0/16';
/** The last one of the range, which pods get from its beginning. */
export const SIMULATED_NODE_ADDRESS = '10.245.255.254';
/** The node's side of the pods' bridge: the range's first address. */
export const POD_GATEWAY_ADDRESS = '10.244.0.1';
/** First address of the service range: where pods find the API. */
export const API_SERVICE_ADDRESS = '10.96.0.1';
export const DNS_SERVICE_ADDRESS = '10.96.0.10';
export const CLUSTER_DOMAIN = 'cluster.local';

export const API_PORT = 6443;
export const INGRESS_PORT = 80;
export const ETCD_PORT = 2379;
export const KUBELET_HEALTH_PORT = 10248;
export const KWOK_PORT = 10247;
export const PROXY_HEALTH_PORT = 10256;
export const DNS_READY_PORT = 8181;
export const INGRESS_PING_PORT = 8082;
