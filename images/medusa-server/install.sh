#!/bin/sh
# Puts our own part of the server below the folder $1: entry and setup, beside the Medusa of install-medusa.sh.
set -eu
root=$1
here=$(dirname "$0")
target="$root/srv/medusa"
mkdir -p "$target" "$root/run/secrets/urumi"
cp -R "$here/urumi" "$target/"
find "$target/urumi" -name '*.spec.ts' -delete
