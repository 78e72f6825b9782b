#!/usr/bin/env bash
# Brings Urumi up on this machine: services, dashboard and a real Kubernetes cluster of its own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
  cat <<'TEXT'
Usage: ./start.sh [--in-cluster] [--port N] [--shop-port N] [--fresh]

Starts Urumi and keeps running until Ctrl-C. The dashboard answers first and shows how far the cluster is.
The first start on a machine builds the cluster's programs and the shops' images from packages (about half an
hour on two cores); later starts take seconds. Stores and orders are kept from start to start.

  --port N        port of the dashboard and the API on this machine (3000)
  --shop-port N   port under which the shops answer (8080)
  --fresh         remove all stores, orders and records of earlier runs first
  --in-cluster    install Urumi in the cluster by its chart, as on any other cluster, with stores of its own;
                  dashboard and shops then answer under the shops' port
  --help          show this text

Folders: $URUMI_CACHE (builds, default ~/.cache/urumi), $URUMI_STATE (stores, default ~/.local/state/urumi)
TEXT
}

for argument in "$@"; do
  if [ "$argument" = --help ] || [ "$argument" = -h ]; then usage; exit 0; fi
done

. scripts/bootstrap.sh
bootstrap base
node scripts/launcher/options.ts "$@"

# One Urumi per state folder. The lock ends with the process that this one becomes, however that ends.
state="${URUMI_STATE:-${XDG_STATE_HOME:-$HOME/.local/state}/urumi}"
mkdir -p -m 700 "$state"
exec 9>"$state/launcher.lock"
if ! flock --nonblock 9; then
  url=$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' "$state/running.json" 2>/dev/null || true)
  echo "Urumi is running already${url:+ at $url}. Stop it with Ctrl-C where it was started."
  exit 0
fi

node scripts/prepare.ts
exec node scripts/launcher/main.ts "$@"
