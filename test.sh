#!/usr/bin/env bash
# Proves Urumi. Installs what it needs by itself, shows each part's time, and says at the end what failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
  cat <<'TEXT'
Usage: ./test.sh [--fast | --gate] [--help]

  (none)   everything that guards a change: --fast, then Redis, processes, charts, browser, a real cluster, orders
  --fast   format, lint, types, import rules, dead code, unit tests; no cluster, about a minute
  --gate   the default, then every fault, wipe, kill and chaos cycle in full counts (scripts/gate.ts): hours, in parts
           that each end within 40 minutes; what passed on a commit is not run again

The first run on a machine builds the cluster's programs and the shops' images (about half an hour on two cores).
TEXT
}

mode=default
for argument in "$@"; do
  case "$argument" in
    --fast) mode=fast ;;
    --gate) mode=gate ;;
    --help | -h) usage; exit 0 ;;
    *) echo "unknown option: $argument" >&2; usage >&2; exit 2 ;;
  esac
done

. scripts/bootstrap.sh
began=$SECONDS
failed=()
skipped=()

# part NAME COMMAND...: runs a part and notes how it ended; a failure does not hide the parts after it.
part() {
  local name=$1 since=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  if "$@"; then
    printf '== %s: ok (%d s)\n' "$name" $((SECONDS - since))
  else
    printf '== %s: FAILED (%d s)\n' "$name" $((SECONDS - since))
    failed+=("$name")
  fi
}

# skip NAME REASON: says that a part did not run, here and at the end.
skip() {
  printf '\n== %s: skipped, %s\n' "$1" "$2"
  skipped+=("$1 ($2)")
}

finish() {
  printf '\n%d s in all. ' $((SECONDS - began))
  [ "${#skipped[@]}" -eq 0 ] || printf 'Skipped: %s. ' "${skipped[@]}"
  if [ "${#failed[@]}" -gt 0 ]; then
    echo "FAILED: ${failed[*]}"
    exit 1
  fi
  if [ "${#skipped[@]}" -eq 0 ]; then echo 'All parts passed.'; else echo 'All parts that ran passed.'; fi
  exit 0
}

bootstrap base || exit 1
part 'prepare' node scripts/prepare.ts
[ "${#failed[@]}" -eq 0 ] || finish

if [ "$mode" = fast ]; then
  part 'check' node scripts/check.ts
  finish
fi

bootstrap cluster browser || exit 1
work=$(mktemp -d)
groups=()
# Whatever ends this script ends what it started.
trap 'for group in "${groups[@]}"; do kill -TERM -- "-$group" 2>/dev/null; wait "$group" 2>/dev/null; done; rm -rf "$work"' EXIT

# background LOG COMMAND: starts it as a process group of its own, so that all of it can be ended.
background() {
  set -m
  "$2" >"$1" 2>&1 </dev/null &
  set +m
  groups+=($!)
}

# Long and mostly waiting for compilers and registries: runs beside the checks, never twice.
build() {
  embedded/bin/embedded build && node images/build.ts && embedded/bin/embedded build --link "$work/bin" >/dev/null
  echo $? >"$work/built"
}
background "$work/build.log" build
building=$!

is_built() { [ "$(cat "$work/built" 2>/dev/null)" = 0 ]; }

# await_build: ends once the programs and images are there, with 0 where they are; shows meanwhile how far they are.
await_build() {
  while [ ! -s "$work/built" ] && kill -0 "$building" 2>/dev/null; do
    tail -n 1 "$work/build.log"
    sleep 20
  done
  is_built && return
  tail -n 60 "$work/build.log"
  return 1
}

scenario() { part "$1" pnpm --filter @urumi/e2e exec vitest run "$1"; }

# Parts that mostly wait for leases, deadlines and pauses, one after another, beside those that use the processors.
waiting_parts() {
  failed=()
  part 'redis and processes' pnpm exec vitest run .int.spec
  if await_build; then
    part "helm's contract" env HELM_BIN="$work/bin/helm" pnpm exec vitest run --project worker .cluster.spec
    scenario faults/
    scenario chaos/
  fi
  printf '%s\n' "${failed[@]}" >"$work/failed"
}

# join_waiting: waits for them, shows all that they printed, and takes over which of them failed.
join_waiting() {
  while [ ! -e "$work/failed" ] && kill -0 "$waiting" 2>/dev/null; do
    printf 'still running: %s\n' "$(grep '^== ' "$work/waiting.log" | tail -n 1)"
    sleep 20
  done
  cat "$work/waiting.log"
  if [ -e "$work/failed" ]; then
    while read -r name; do [ -z "$name" ] || failed+=("$name"); done <"$work/failed"
  else
    failed+=('the parts that wait (ended before their end)')
  fi
}

part 'check' node scripts/check.ts
background "$work/waiting.log" waiting_parts
waiting=$!

part 'dashboard in a browser' pnpm --filter @urumi/dashboard shots
part 'storefront in a browser' pnpm --filter @urumi/medusa-storefront test:browser
part 'cluster programs and images' await_build
if is_built; then
  part 'charts' env HELM_BIN="$work/bin/helm" pnpm exec vitest run --project charts
  part 'images' pnpm --filter @urumi/images exec vitest run .cluster.spec
  part 'embedded cluster' pnpm --filter @urumi/embedded test:cluster
  scenario medusa-order
  scenario in-cluster
  scenario scale/
  scenario wordpress
  if [ -n "${URUMI_WOOCOMMERCE_PLUGIN:-}" ]; then
    scenario woocommerce-order
  else
    skip woocommerce-order 'no plugin archive: set URUMI_WOOCOMMERCE_PLUGIN to the path or URL of one, see README.md'
  fi
  scenario trouble/
  scenario isolation
  scenario setup-kill
  scenario start-stop
fi
join_waiting
if [ "$mode" = gate ]; then
  part gate node scripts/gate.ts
fi
finish
