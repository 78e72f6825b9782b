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
# Long and mostly waiting for compilers and registries: runs beside the checks, never twice.
build_log=$(mktemp)
setsid bash -c 'embedded/bin/embedded build && node images/build.ts' >"$build_log" 2>&1 &
build=$!
bin=
trap 'kill -TERM -- "-$build" 2>/dev/null; wait "$build" 2>/dev/null; rm -rf "$build_log" ${bin:+"$bin"}' EXIT

part 'check' node scripts/check.ts
part 'redis and processes' pnpm exec vitest run .int.spec
part 'dashboard in a browser' pnpm --filter @urumi/dashboard shots
part 'storefront in a browser' pnpm --filter @urumi/medusa-storefront test:browser

built=
await_build() {
  while kill -0 "$build" 2>/dev/null; do
    tail -n 1 "$build_log"
    sleep 20
  done
  if wait "$build"; then built=yes; return 0; fi
  tail -n 60 "$build_log"
  return 1
}
part 'cluster programs and images' await_build
[ -n "$built" ] || finish

bin=$(mktemp -d)
embedded/bin/embedded build --link "$bin" >/dev/null || exit 1
part 'charts' env HELM_BIN="$bin/helm" pnpm exec vitest run --project charts
part "helm's contract" env HELM_BIN="$bin/helm" pnpm exec vitest run --project worker .cluster.spec
part 'images' pnpm --filter @urumi/images exec vitest run .cluster.spec
part 'embedded cluster' pnpm --filter @urumi/embedded test:cluster
scenario() { part "$1" pnpm --filter @urumi/e2e exec vitest run "$1"; }
scenario faults/
scenario chaos/
scenario medusa-order
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
if [ "$mode" = gate ]; then
  part gate node scripts/gate.ts
fi
finish
