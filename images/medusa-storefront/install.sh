#!/bin/sh
# Puts the storefront below the folder $1: its source, which Node runs as it is, and the product pictures.
set -eu
root=$1
here=$(dirname "$0")
target="$root/srv/storefront"
mkdir -p "$target"
cp -R "$here/package.json" "$here/src" "$here/media" "$target/"
find "$target" -name '*.spec.ts' -delete
