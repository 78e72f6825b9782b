#!/bin/sh
# Puts our own part of the server below the folder $1: entry and setup, beside the Medusa of install-medusa.sh. Needs node
# 24 on the path.
set -eu
root=$1
here=$(dirname "$0")
target="$root/srv/medusa"
mkdir -p "$target" "$root/run/secrets/urumi"
cp -R "$here/urumi" "$target/"
find "$target/urumi" -name '*.spec.ts' -delete
node "$here/strip-types.ts" "$target/urumi"
install -D -m 0755 "$here/setup.sh" "$root/usr/local/bin/urumi-setup"
