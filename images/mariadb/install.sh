#!/bin/sh
# Puts what the MariaDB images add to their base below the folder $1. The base brings MariaDB 11.8, tar, zstd and the
# user mysql, uid 999.
set -eu
root=$1
here=$(dirname "$0")
install -D -m 0755 "$here/entrypoint.sh" "$root/usr/local/bin/urumi-mariadb"
install -D -m 0755 "$here/ready.sh" "$root/usr/local/bin/urumi-mariadb-ready"
install -D -m 0644 "$here/mariadb.cnf" "$root/etc/urumi/mariadb.cnf"
# Mount points: the volume, the socket, the secret.
mkdir -p "$root/data" "$root/run/mysqld" "$root/run/secrets/urumi" "$root/usr/share/urumi/template"
