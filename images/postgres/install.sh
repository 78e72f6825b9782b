#!/bin/sh
# Puts what the postgres image adds to its base below the folder $1. The base brings PostgreSQL 17, tar, zstd and the user
# postgres, uid 999.
set -eu
root=$1
here=$(dirname "$0")
install -D -m 0755 "$here/entrypoint.sh" "$root/usr/local/bin/urumi-postgres"
install -D -m 0755 "$here/new-cluster.sh" "$root/usr/local/bin/urumi-postgres-cluster"
# Mount points: the volume, the socket, the secret.
mkdir -p "$root/data" "$root/run/postgresql" "$root/run/secrets/urumi" "$root/usr/share/urumi/template"
