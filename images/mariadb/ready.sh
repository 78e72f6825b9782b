#!/bin/sh
# Probe: the server answers on its own socket, as the user this container runs as, and its first start is complete.
# Waits a little for a server that is starting, so that a probe sees it at once.
set -eu
left=100
until [ ! -e /data/mysql/urumi-fresh ] \
  && mariadb --no-defaults --skip-ssl --socket=/run/mysqld/mysqld.sock --connect-timeout=3 --execute='DO 1' 2> /dev/null; do
  left=$((left - 1))
  [ "$left" -gt 0 ] || { echo 'the database does not answer' >&2; exit 1; }
  sleep 0.2
done
