#!/bin/sh
# Makes the empty data directory that a shop set up from scratch begins with: system tables, and log-in without a
# password only for processes of the container itself, by their user.
#
#   make-empty.sh <folder for the result> <root with MariaDB>
set -eu
out=$1
root=$2
sql=$root/usr/share/mariadb
data=/tmp/empty

install -d -o 999 -g 999 -m 0700 "$root$data"
{
  echo 'CREATE DATABASE mysql;'
  echo 'USE mysql;'
  # Read by the statements below: who logs in by the socket beside root.
  echo "SET @auth_root_socket='mysql';"
  cat "$sql/mariadb_system_tables.sql" "$sql/mariadb_performance_tables.sql" "$sql/mariadb_system_tables_data.sql" \
    "$sql/maria_add_gis_sp_bootstrap.sql" "$sql/mariadb_sys_schema.sql"
} | chroot --userspec=999:999 "$root" mariadbd --defaults-file=/etc/urumi/mariadb.cnf --datadir="$data" \
  --bootstrap --log-warnings=0 --max-allowed-packet=8M > /dev/null

mkdir -p "$out/usr/share/urumi/template"
tar --sort=name --mtime=@0 --owner=999 --group=999 --numeric-owner -C "$root$data" -cf - . \
  | zstd -15 -q -o "$out/usr/share/urumi/template/empty.tar.zst"
