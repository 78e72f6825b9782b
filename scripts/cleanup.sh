#!/usr/bin/env bash
# Frees the namespace of a store whose deletion is stuck: shows what holds it, asks, removes exactly that, and records it. For an
# administrator of the cluster, with their own credentials: Urumi itself has no right to remove a finalizer.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: scripts/cleanup.sh STORE_ID [--yes] [--kubeconfig FILE] [--context NAME]

Shows what keeps the namespace of a store that is being deleted, and asks before it removes anything. --yes answers for scripts.
Refuses namespaces without Urumi's stamp, and those that are not being deleted. Exit: 0 gone or nothing to do, 1 still there,
2 wrong use, 3 refused, 4 not agreed to.
TEXT
}

kubectl=(${KUBECTL:-kubectl})
wait_seconds=${WAIT_SECONDS:-60}
id='' yes=''
while [ $# -gt 0 ]; do
  case $1 in
    --yes) yes=1 ;;
    --kubeconfig | --context)
      [ $# -ge 2 ] || { usage >&2; exit 2; }
      kubectl+=("$1" "$2")
      shift
      ;;
    -h | --help) usage; exit 0 ;;
    -*) usage >&2; exit 2 ;;
    *) [ -z "$id" ] || { usage >&2; exit 2; }; id=$1 ;;
  esac
  shift
done
# An id of Urumi's making and nothing else ever becomes part of a name.
[[ $id =~ ^[a-z][a-z0-9]{7}$ ]] || { echo "Not the id of a store: '$id'" >&2; usage >&2; exit 2; }
namespace=store-$id

k() { "${kubectl[@]}" --request-timeout=15s "$@"; }
refuse() { echo "Refused: $1" >&2; exit 3; }

read_namespace() { k get namespace "$namespace" --ignore-not-found -o "go-template=$1"; }
marks=$(read_namespace '{{index .metadata.labels "urumi.dev/installation"}}|{{index .metadata.labels "urumi.dev/store-id"}}|{{if .metadata.annotations}}{{if index .metadata.annotations "urumi.dev/wish"}}stamped{{end}}{{end}}|{{if .metadata.deletionTimestamp}}terminating{{end}}')
[ -n "$marks" ] || { echo "The namespace $namespace is not there. Nothing to do."; exit 0; }
IFS='|' read -r installation store stamp terminating <<<"$marks"
[ -n "$installation" ] && [ "$installation" != '<no value>' ] && [ "$store" = "$id" ] && [ "$stamp" = stamped ] ||
  refuse "$namespace does not bear Urumi's stamp."
[ "$terminating" = terminating ] || refuse "$namespace is not being deleted. Delete the store in Urumi first."

echo "Namespace $namespace of installation $installation is being deleted. What it says of itself:"
read_namespace '{{range .status.conditions}}{{if eq .status "True"}}  {{.type}}: {{.message}}{{"\n"}}{{end}}{{end}}'

# A dead aggregated API stops every deletion in the cluster. Removing it touches everybody, so that is only shown.
dead=$(k get apiservices -o 'go-template={{range .items}}{{$name := .metadata.name}}{{range .status.conditions}}{{if eq .type "Available"}}{{if ne .status "True"}}{{$name}}{{"\n"}}{{end}}{{end}}{{end}}{{end}}' 2>/dev/null || true)
if [ -n "$dead" ]; then
  echo 'These aggregated APIs do not answer. Bring their servers back, or remove them if nobody needs them any more:'
  sed 's/^/  kubectl delete apiservice /' <<<"$dead"
fi

# kind<TAB>name<TAB>finalizers as JSON list, or `end` for a pod that only its node can end.
plan=$(mktemp)
trap 'rm -f "$plan"' EXIT
listed=$(k api-resources --namespaced --verbs=list,patch -o name 2>/dev/null || true)
for kind in $listed; do
  [ "$kind" = events ] || [ "$kind" = events.events.k8s.io ] && continue
  k get "$kind" -n "$namespace" -o 'go-template={{range .items}}{{if .metadata.finalizers}}{{.metadata.name}}{{"\t"}}[{{range $i, $f := .metadata.finalizers}}{{if $i}},{{end}}"{{$f}}"{{end}}]{{"\n"}}{{else if and (eq .kind "Pod") .metadata.deletionTimestamp}}{{.metadata.name}}{{"\tend\n"}}{{end}}{{end}}' 2>/dev/null |
    sed "s/^/$kind	/" >>"$plan" || true
done
own=$(read_namespace '{{if .metadata.finalizers}}[{{range $i, $f := .metadata.finalizers}}{{if $i}},{{end}}"{{$f}}"{{end}}]{{end}}')
[ -z "$own" ] || printf 'namespaces\t%s\t%s\n' "$namespace" "$own" >>"$plan"
# A claim that only its pod protects goes with the pod; taking its finalizer would pull the volume from under a running process.
if grep -q $'^pods\t' "$plan"; then
  sed -i '/^persistentvolumeclaims\t[^\t]*\t\["kubernetes.io\/pvc-protection"\]$/d' "$plan"
fi

if [ ! -s "$plan" ]; then
  echo 'Nothing in it holds a finalizer.'
  [ -z "$dead" ] || exit 1
  echo "Waiting up to $wait_seconds s for it to go."
else
  echo 'This would be done:'
  while IFS=$'\t' read -r kind name finalizers; do
    if [ "$finalizers" = end ]; then echo "  end pod $name without its node's word; make sure that the node is gone"
    else echo "  remove the finalizers $finalizers from $kind/$name"; fi
  done <"$plan"
  if [ -z "$yes" ]; then
    echo 'Whoever set a finalizer wanted to clean up something first. Data outside the cluster may stay behind.'
    printf 'Type the id of the store to do this: '
    read -r typed || typed=''
    [ "$typed" = "$id" ] || { echo; echo 'Nothing was changed.'; exit 4; }
  fi

  who=$(k auth whoami -o 'jsonpath={.status.userInfo.username}' 2>/dev/null || echo unknown)
  at=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  what=$(tr '\t\n"' ' ;'"'" <"$plan" | cut -c1-800)
  # Recorded before it is done, twice: on the namespace, and where it stays when the namespace is gone.
  k annotate namespace "$namespace" --overwrite "urumi.dev/cleanup=$at $who: $what" >/dev/null
  k create -f - >/dev/null <<JSON
{"apiVersion":"v1","kind":"Event","metadata":{"generateName":"urumi-cleanup-","namespace":"default"},"type":"Warning","reason":"UrumiCleanup",
"message":"$who freed $namespace: $what","involvedObject":{"apiVersion":"v1","kind":"Namespace","name":"$namespace"},
"source":{"component":"urumi-cleanup"},"firstTimestamp":"$at","lastTimestamp":"$at","count":1}
JSON
  echo "Recorded as an event in namespace default, by $who."
  while IFS=$'\t' read -r kind name finalizers <&3; do
    where=(-n "$namespace")
    [ "$kind" != namespaces ] || where=()
    if [ "$finalizers" = end ]; then
      k delete pod "$name" "${where[@]}" --grace-period=0 --force --wait=false --ignore-not-found 2>/dev/null || true
    else
      # Only what was shown: an object that got another finalizer since is left alone.
      patch="[{\"op\":\"test\",\"path\":\"/metadata/finalizers\",\"value\":$finalizers},{\"op\":\"remove\",\"path\":\"/metadata/finalizers\"}]"
      k patch "$kind" "$name" "${where[@]}" --type=json -p "$patch" || echo "  $kind/$name changed meanwhile; left alone"
    fi
  done 3<"$plan"
fi

for ((left = wait_seconds; left > 0; left--)); do
  [ -n "$(read_namespace '{{.metadata.name}}')" ] || { echo "$namespace is gone."; exit 0; }
  sleep 1
done
echo "$namespace is still there. Run this again to see what holds it now." >&2
exit 1
