#!/bin/sh
# Puts our own part of the image below the folder $1: api, worker and reconciler compiled from their sources, the packed
# store chart, and the entry. Needs node 24 on the path and the project at $SOURCE, its dependencies installed.
set -eu
root=$1
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "${SOURCE:-$here/../..}" && pwd)
target="$root/srv/urumi"
work="$root/.work"
mkdir -p "$work" "$target" "$root/run/secrets/urumi" "$root/etc/urumi/stores"

# Only what a service's entry leads to, so no test gets in.
node "$source/node_modules/typescript/bin/tsc" --project "$source/images/urumi/services.json" --outDir "$work"
for part in libs/shared apps/api apps/worker apps/reconciler; do
  mkdir -p "$target/$part"
  cp "$source/$part/package.json" "$target/$part/"
  mv "$work/$part/src" "$target/$part/dist"
done
# The compiler copies no scripts; the worker looks for it here.
install -D -m 0644 "$source/apps/worker/src/attempt/guard.sh" "$target/apps/worker/src/attempt/guard.sh"

# As `helm package` would, but always the same bytes.
chart="$work/ecommerce-store"
mkdir "$chart"
cd "$source/charts/ecommerce-store"
cp -R Chart.yaml values.yaml values.schema.json templates files "$chart/"
tar --sort=name --mtime=@1760000000 --owner=0 --group=0 --numeric-owner --mode=u+rw,go+r,go-w --format=ustar \
  -C "$work" -cf "$work/chart.tar" ecommerce-store
gzip --no-name --best < "$work/chart.tar" > "$target/ecommerce-store.tgz"
rm -rf "$work"

install -D -m 0755 "$here/entrypoint.sh" "$root/usr/local/bin/urumi"
