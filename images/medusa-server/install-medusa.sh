#!/bin/sh
# Puts Medusa below the folder $1, from its lockfile: installed, admin built, shrunk to what runs. Needs node 24 and npm
# on the path. Nothing is built in a pod.
set -eu
root=$1
here=$(cd "$(dirname "$0")" && pwd)
target="$root/srv/medusa"
mkdir -p "$target"
cp "$here/app/"* "$target/"
cd "$target"

export MEDUSA_DISABLE_TELEMETRY=true NODE_ENV=production
npm install --include=dev --ignore-scripts --no-audit --no-fund --prefer-offline
node "$here/check-lock.ts" "$here/app/package-lock.json" "$target"

node node_modules/@medusajs/cli/cli.js build --admin-only
mkdir -p public static
mv .medusa/admin public/admin
rm -rf .medusa tsconfig.json package-lock.json

node "$here/prune.ts" "$target"

# Node keeps compiled code of everything the server loads: its start takes a third less. The cache's folder is named
# after version, platform and user id; it is made by whoever builds and read by uid 1000.
NODE_COMPILE_CACHE="$target/.compile-cache" NODE_COMPILE_CACHE_PORTABLE=1 node "$here/warm-cache.ts" "$target"
for folder in "$target/.compile-cache"/*; do
  [ "$folder" = "${folder%-*}-1000" ] || mv "$folder" "${folder%-*}-1000"
done
