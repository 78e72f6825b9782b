#!/bin/sh
# One store, as Urumi's worker makes it, by hand: namespace, account and bindings in one connection, then helm as the installer.
#   one-store.sh ID, in the rival's folder: server, ca.pem, cert.pem, key.pem, kubeconfig, values.json, store.tgz; HELM_BIN names helm
set -eu
id=$1
namespace=store-$id
server=$(cat server)
role() {
  printf '{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"%s"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"%s"},"subjects":[{"kind":"ServiceAccount","name":"%s","namespace":"%s"}]}' "$@"
}
post() {
  printf 'url = "%s%s"\nrequest = POST\nheader = "content-type: application/json"\ncacert = ca.pem\ncert = cert.pem\nkey = key.pem\noutput = /dev/null\nsilent\nshow-error\nfail\nmax-time = 30\ndata-binary = "%s"\n%s\n' \
    "$server" "$1" "$(printf %s "$2" | sed 's/"/\\"/g')" "${3-next}"
}
bindings=/apis/rbac.authorization.k8s.io/v1/namespaces/$namespace/rolebindings
security='"pod-security.kubernetes.io/enforce":"restricted","pod-security.kubernetes.io/warn":"restricted","pod-security.kubernetes.io/audit":"restricted"'
{
  post /api/v1/namespaces "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"$namespace\",\"labels\":{\"urumi.dev/installation\":\"urumi\",\"urumi.dev/bench\":\"rival\",\"urumi.dev/store-id\":\"$id\",$security}}}"
  post "/api/v1/namespaces/$namespace/serviceaccounts" '{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"store-installer"},"automountServiceAccountToken":false}'
  post "$bindings" "$(role store-admin-reader urumi-store-admin-reader urumi-api urumi-system)"
  post "$bindings" "$(role store-installer urumi-store-installer store-installer "$namespace")" '# the last'
} | curl --fail-early --config -
sed "s/@ID@/$id/g" values.json | "$HELM_BIN" install store store.tgz --namespace="$namespace" \
  --kubeconfig=kubeconfig --kube-as-user="system:serviceaccount:$namespace:store-installer" --values=- \
  --server-side=true --force-conflicts --no-hooks --disable-openapi-validation --hide-notes > /dev/null
