#!/bin/sh
# Puts what the services need at run time from npm below the folder $1, exactly as the lockfile has it. Needs node 24 and
# pnpm on the path, and the project at $SOURCE: lockfile and package files.
set -eu
root=$1
here=$(cd "$(dirname "$0")" && pwd)
source=${SOURCE:-$here/../..}
target="$root/srv/urumi"
work="$root/.work"
mkdir -p "$work" "$target"

cd "$source"
for file in package.json pnpm-lock.yaml pnpm-workspace.yaml libs/shared/package.json \
  apps/api/package.json apps/worker/package.json apps/reconciler/package.json; do
  install -D -m 0644 "$file" "$work/$file"
done
# One flat folder: what the services share is there once, and no link leads out of it.
cd "$work"
CI=true pnpm install --prod --frozen-lockfile --prefer-offline --ignore-scripts --config.node-linker=hoisted \
  --reporter append-only
mv node_modules "$target/node_modules"
rm -rf "$work"

cd "$target/node_modules"
# Notes of pnpm, with paths of this machine, and types.
rm -rf .bin .pnpm .modules.yaml .pnpm-workspace-state-v1.json @urumi @types
mkdir @urumi
ln -s ../../libs/shared @urumi/shared
# Nothing at run time reads these: types, sources and maps for debuggers, documents, tests, and builds for browsers and bundlers.
find . -type f \( -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.md' -o -name '*.flow' \) -delete
find . -mindepth 2 -maxdepth 3 -type d \( -name test -o -name tests -o -name specs \) -prune -exec rm -rf {} +
rm -rf rxjs/src rxjs/dist/bundles rxjs/dist/esm rxjs/dist/esm5 zod/src luxon/src lodash/fp \
  class-validator/bundles class-validator/esm2015 class-validator/esm5 libphonenumber-js/bundle libphonenumber-js/source
# Pages of Swagger, which the api does not serve.
rm -rf swagger-ui-dist
find . -type d -empty -delete
