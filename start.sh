#!/usr/bin/env bash
# Brings Urumi up on this machine: services, dashboard and a real Kubernetes cluster of its own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
  cat <<'TEXT'
Usage: ./start.sh [--port N] [--shop-port N] [--fresh]

Starts Urumi and keeps running until Ctrl-C. The dashboard answers first and shows how far the cluster is.
The first start on a machine builds the cluster's programs and the shops' images from packages (about half an
hour on two cores); later starts take seconds. Stores and orders are kept from start to start.

  --port N        port of the dashboard and the API on this machine (3000)
  --shop-port N   port under which the shops answer (8080)
  --fresh         remove all stores, orders and records of earlier runs first
  --help          show this text

Folders: $URUMI_CACHE (builds, default ~/.cache/urumi), $URUMI_STATE (stores, default ~/.local/state/urumi)
TEXT
}

for argument in "$@"; do
  if [ "$argument" = --help ] || [ "$argument" = -h ]; then usage; exit 0; fi
done

. scripts/bootstrap.sh
bootstrap base
node scripts/prepare.ts
exec node scripts/launcher/main.ts "$@"
