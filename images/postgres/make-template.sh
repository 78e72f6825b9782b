#!/bin/sh
# Makes the template of a Medusa shop: a data directory in which the server image's own setup has run once, without
# anything that belongs to one shop. Runs as root; database and setup run as their users, inside their roots.
#
#   make-template.sh <folder for the result> <root of the database image> <root of the medusa-server image>
#
# TEMPLATE       name of the template
# SHOP_CURRENCY  of its prices
# CHART_FILES    the chart's files/medusa
set -eu
out=$1
database=$2
server=$3
here=$(cd "$(dirname "$0")" && pwd)
binaries=/usr/lib/postgresql/17/bin

# Values of this build only, each with a mark the finished template is searched for.
throw_away() { echo "throwaway$(od -An -N18 -tx1 /dev/urandom | tr -d ' \n')"; }

secret() { install -D -m 0444 /dev/null "$1/run/secrets/urumi/$2" && printf %s "$3" > "$1/run/secrets/urumi/$2"; }

inside() {
  env -i PATH="$binaries:/usr/local/bin:/usr/sbin:/usr/bin:/bin" LANG=C.UTF-8 chroot --userspec=999:999 "$database" "$@"
}

# The data directory $1 of the database's root. What a crash would lose is of no matter here.
start_database() {
  inside pg_ctl --pgdata="$1" --wait --timeout=60 --silent --log=/tmp/postgres.log --options="-c listen_addresses=127.0.0.1 \
    -c unix_socket_directories=/run/postgresql -c fsync=off -c full_page_writes=off -c log_min_error_statement=panic" start
}

stop_database() {
  inside pg_ctl --pgdata="$1" --wait --timeout=60 --silent --mode=fast stop
}

sql() { inside psql --no-psqlrc -h /run/postgresql -U medusa -d medusa -v ON_ERROR_STOP=1 -q "$@"; }

password=$(throw_away)
secret "$server" database/password "$password"
secret "$server" admin/email "$(throw_away)@template.invalid"
secret "$server" admin/password "$(throw_away)"
secret "$server" app/jwtSecret "$(throw_away)"
secret "$server" app/cookieSecret "$(throw_away)"
secret "$server" app/publishableKey "pk_$(throw_away)"
install -d -o 999 -g 999 "$database/data" "$database/run/postgresql"
install -D -o 999 -m 0400 "$server/run/secrets/urumi/database/password" "$database/tmp/password"

# A shop as setup makes it.
inside urumi-postgres-cluster /data/made /tmp/password
start_database /data/made
mkdir -p "$server/tmp/setup"
cp "$CHART_FILES"/* "$server/tmp/setup/"
env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/bin HOME=/tmp NODE_ENV=production MEDUSA_DISABLE_TELEMETRY=true \
  NODE_COMPILE_CACHE=/srv/medusa/.compile-cache NODE_COMPILE_CACHE_PORTABLE=1 \
  DATABASE_HOST=127.0.0.1 STORE_URL=http://template.invalid SHOP_NAME=Template SHOP_CURRENCY="$SHOP_CURRENCY" \
  chroot --userspec=1000:1000 "$server" urumi-setup /tmp/setup

# Without what belongs to one shop; then into a new data directory, where no byte of it can be left between the rows.
sql -v template="$TEMPLATE" < "$here/scrub.sql"
inside pg_dump -h /run/postgresql -U medusa -Fc -f /tmp/medusa.dump medusa
stop_database /data/made
inside urumi-postgres-cluster /data/template
start_database /data/template
inside pg_restore -h /run/postgresql -U medusa --exit-on-error -d medusa /tmp/medusa.dump
sql -c 'VACUUM (FREEZE, ANALYZE)'
# Write-ahead log of the restore is of no use after a clean stop: the smallest number of files stays.
# Nothing of ours logs in to that database, and a new shop has fewer files to write.
sql -c 'DROP DATABASE postgres'
sql -c "ALTER SYSTEM SET min_wal_size = '8MB'" -c 'SELECT pg_reload_conf(), pg_switch_wal()' -c CHECKPOINT > /dev/null
sql -c 'ALTER SYSTEM RESET ALL'
stop_database /data/template

mkdir -p "$out/usr/share/urumi/template"
archive=$out/usr/share/urumi/template/$TEMPLATE.tar.zst
tar --sort=name --mtime=@0 --owner=999 --group=999 --numeric-owner --exclude=./postmaster.opts \
  -C "$database/data/template" -cf - . | zstd -15 -q -o "$archive"
