#!/usr/bin/env bash
# Proves that a bare Debian 12 is enough: makes a minimal root from packages, copies this checkout into it and runs there,
# with empty caches, what ./start.sh runs on its first start up to the servers themselves.
#
# Not proven here: the cluster and the services. A second set would take the ports, routes and cgroups of whatever runs on
# this machine, so nothing is started; ./test.sh does that part.
set -euo pipefail
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() {
  cat <<'TEXT'
Usage: scripts/fresh-machine.sh [--quick] [--logs FOLDER] [PLACE]

Needs root, mmdebstrap, git and about 16 GB (--quick: 3 GB). Takes half an hour on two cores (--quick: 3 minutes).

  --quick        stop before the long builds: cluster programs and shop images
  --logs FOLDER  keep each step's log there; without it they go with the rest
  PLACE          folder on a disk under which the temporary root is made (/var/tmp)

The machine's ways to its package registries (apt sources and Acquire settings, pip, npm, Go, certificates, proxies) are
brought in. Everything made is removed at the end, also after a failure or Ctrl-C.
TEXT
}

say() { printf 'fresh-machine: %s\n' "$*" >&2; }

quick='' logs='' place=/var/tmp
while [ $# -gt 0 ]; do
  case "$1" in
    --quick) quick=1 ;;
    --logs) [ $# -ge 2 ] || { usage >&2; exit 2; }; logs=$2; shift ;;
    --help | -h) usage; exit 0 ;;
    -*) say "unknown option: $1"; usage >&2; exit 2 ;;
    *) place=$1 ;;
  esac
  shift
done

[ "$(id -u)" -eq 0 ] || { say 'needs root'; exit 1; }
for program in mmdebstrap git unshare; do
  command -v "$program" >/dev/null || { say "needs $program"; exit 1; }
done
if [ "$(stat -f -c %T "$place")" = tmpfs ]; then say "$place is in memory: name a folder on a disk"; exit 1; fi

work=$(mktemp -d "$place/urumi-fresh.XXXXXX")
root=$work/root
if [ -n "$logs" ]; then mkdir -p "$logs"; logs=$(cd "$logs" && pwd); else logs=$work/logs; mkdir "$logs"; fi
chmod 755 "$work"
mkdir "$root"

table=() done_seconds=0 made=0

# Everything of a step lives in one process namespace, and every mount in one mount namespace: when its first process is
# ended, the kernel ends the rest and nothing stays mounted. So removing the folder can never reach through a mount.
cleanup() {
  local code=$?
  trap - EXIT
  trap '' INT TERM HUP
  local step
  for step in $(jobs -p); do
    # `unshare` itself ignores all but KILL while it waits, and takes its namespace with it.
    kill -KILL "$step" 2>/dev/null || true
    wait "$step" 2>/dev/null || true
  done
  # What was just ended may still write for a moment.
  local tries=10
  until rm -rf --one-file-system "$work" 2>/dev/null || [ "$((tries -= 1))" -eq 0 ]; do sleep 0.5; done
  if [ -e "$work" ]; then say "could not remove $work"; [ "$code" -ne 0 ] || code=1; fi
  exit "$code"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Variables by which a machine says how its registries are reached. None of them names a cache.
client_settings() {
  local name
  for name in PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_TRUSTED_HOST PIP_CERT PIP_PROXY PIP_DEFAULT_TIMEOUT \
    npm_config_registry npm_config_cafile NPM_CONFIG_REGISTRY NPM_CONFIG_CAFILE NODE_EXTRA_CA_CERTS \
    GOPROXY GONOPROXY GOPRIVATE GOSUMDB GONOSUMDB GOINSECURE GOFLAGS GOTOOLCHAIN \
    SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE GIT_SSL_CAINFO \
    http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    if [ -n "${!name:-}" ]; then printf '%s=%s\n' "$name" "${!name}"; fi
  done
}
mapfile -t settings < <(client_settings)

# in_namespaces COMMAND...: runs a command with process and mount namespaces of its own, so that an end ends all of it,
# and lets it end with this script, however that dies.
in_namespaces() { exec setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child "$@"; }

# step NAME COMMAND...: runs a step with its own log and notes wall and CPU time; a failure ends the proof.
step() {
  local name=$1 log figures code=0
  shift
  made=$((made + 1))
  log=$logs/$made-${name//[!A-Za-z0-9]/-}.log
  figures=$work/figures
  say "$name ..."
  # In the background, because bash answers a signal only between foreground commands.
  "$@" >"$log" 2>&1 4>"$figures" &
  wait "$!" || code=$?
  local wall=0 user=0 system=0
  read -r wall user system <"$figures" || true
  table+=("$(awk -v n="$name" -v w="$wall" -v u="$user" -v s="$system" -v c="$code" \
    'BEGIN { printf "%-36s %8.0f %8.0f %8.0f   %s", n, w, u + s, (w > 0 ? 100 * (u + s) / w : 0), (c == 0 ? "ok" : "FAILED") }')")
  done_seconds=$(awk -v a="$done_seconds" -v w="$wall" 'BEGIN { print a + w }')
  [ "$code" -eq 0 ] && return 0
  say "$name failed (exit $code); the end of its log:"
  tail -n 40 "$log" >&2
  print_table
  exit 1
}

print_table() {
  printf '\n%-36s %8s %8s %8s\n' step 'wall s' 'CPU s' 'CPU %'
  printf '%s\n' "${table[@]}"
}

# The machine's own Debian 12 sources; on another system none, and mmdebstrap takes its default.
debian_sources() {
  # shellcheck disable=SC2016 # apt's own variables
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 2>/dev/null |
    awk '$2 ~ /^bookworm(-updates|-security)?$/ { print "deb", $1, $2, $3 }' | sort -u
}

# Runs its arguments and writes wall, user and system seconds of them and their children to the file open as 4.
# shellcheck disable=SC2016 # expanded by the shell that runs it
readonly timed='TIMEFORMAT="%R %U %S"; { time "$@" 2>&3 3>&- 4>&-; } 3>&2 2>&4'

make_root() {
  local sources=()
  # Only how the mirror is reached, not what else this machine fetches from it.
  apt-config dump Acquire | grep -E '^Acquire::(Check-|Retries|http|ftp|Max-|Force)' >"$work/apt.conf" || true
  debian_sources >"$work/sources.list"
  if [ -s "$work/sources.list" ]; then sources=("$work/sources.list"); fi
  in_namespaces env TMPDIR="$work" bash -c "$timed" bash \
    mmdebstrap --mode=root --variant=minbase --aptopt="$work/apt.conf" bookworm "$root" "${sources[@]}"
}

# Certificates and the registries' settings, and the checkout as a clone would bring it, with what is not committed yet.
furnish() {
  local file
  mkdir -p "$root/etc/ssl/certs" "$root/usr/local/share/ca-certificates" "$root/root/.config/go" "$root/root/urumi"
  cp -L /etc/resolv.conf "$root/etc/resolv.conf"
  for file in /etc/pip.conf /etc/npmrc /etc/hosts /etc/ssl/certs/ca-certificates.crt; do
    if [ -e "$file" ]; then cp -L "$file" "$root$file"; fi
  done
  if [ -d /usr/local/share/ca-certificates ]; then cp -RL /usr/local/share/ca-certificates "$root/usr/local/share/"; fi
  for file in .npmrc .config/go/env; do
    if [ -e "$HOME/$file" ]; then cp -L "$HOME/$file" "$root/root/$file"; fi
  done
  for file in "${settings[@]#*=}"; do
    if [ -f "$file" ]; then mkdir -p "$root${file%/*}"; cp -L "$file" "$root$file"; fi
  done
  cd "$checkout"
  git ls-files -z --cached --others --exclude-standard |
    while IFS= read -r -d '' file; do if [ -e "$file" ] || [ -L "$file" ]; then printf '%s\0' "$file"; fi; done |
    tar --null --files-from - --create | tar --extract --directory "$root/root/urumi"
}

# inside LINE: runs a line of bash in the root, as a new login would: no variable but the registries' settings.
inside() {
  # shellcheck disable=SC2016 # expanded by the inner shells
  local enter='set -e
    mount --bind "$1" "$1" # mmdebstrap inside wants / to be a mount
    mount -t proc proc "$1/proc"
    mount -t sysfs -o ro sysfs "$1/sys"
    mount --rbind /dev "$1/dev"
    mount -t tmpfs tmpfs "$1/dev/shm"
    exec chroot "$1" bash -c "cd ~/urumi; $3" bash bash -euo pipefail -c "$2"'
  in_namespaces env -i "${settings[@]}" HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    bash -c "$enter" bash "$root" "$1" "$timed"
}

step 'minimal Debian 12' make_root
furnish
done_seconds=0
step 'bootstrap base' inside '. scripts/bootstrap.sh; bootstrap base; node --version; pnpm --version'
step 'dependencies, services, dashboard' inside '. scripts/bootstrap.sh; bootstrap base; node scripts/prepare.ts'
dashboard_seconds=$done_seconds
step 'bootstrap cluster' inside '. scripts/bootstrap.sh; bootstrap base cluster; go version
  node -e "import(\"./embedded/src/cluster/requirements.ts\").then((module) => module.checkRequirements())"'
if [ -z "$quick" ]; then
  step 'cluster programs' inside '. scripts/bootstrap.sh; bootstrap base cluster; embedded/bin/embedded build'
  step 'shop images' inside '. scripts/bootstrap.sh; bootstrap base cluster; node images/build.ts'
fi

print_table
printf '\nWithout the first step: %.0f s until the services can start, %.0f s in all. On disk: %s MB, of that caches %s MB.\n' \
  "$dashboard_seconds" "$done_seconds" "$(du -sm "$root" | cut -f1)" "$(du -sm "$root/root/.cache" | cut -f1)"
