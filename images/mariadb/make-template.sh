#!/bin/sh
# Makes the template of a WordPress shop: a data directory in which the web image's own setup has run once, without
# anything that belongs to one shop. Runs as root; database and setup run as their users, inside their roots.
#
#   make-template.sh <folder for the result> <root of the MariaDB image> <root of the web image>
#
# TEMPLATE     name of the template
# PLUGIN       woocommerce or none
# SHOP_LOCALE  of its texts
# CHART_FILES  the chart's files/woocommerce
set -eu
out=$1
database=$2
web=$3
path=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# Values of this build only, each with a mark the finished template is searched for.
throw_away() { echo "throwaway$(od -An -N18 -tx1 /dev/urandom | tr -d ' \n')"; }

secret() { install -D -m 0444 /dev/null "$1/run/secrets/urumi/$2" && printf %s "$3" > "$1/run/secrets/urumi/$2"; }

inside() { env -i PATH="$path" chroot --userspec=999:999 "$database" "$@"; }

sql() { inside mariadb --no-defaults --skip-ssl --socket=/run/mysqld/mysqld.sock "$@"; }

in_web() {
  env -i PATH="$path" HOME=/tmp DATABASE_HOST=127.0.0.1 DATABASE_NAME=wordpress DATABASE_USER=wordpress STORE_ID=template \
    STORE_URL=http://template.invalid HOST=template.invalid SHOP_NAME=Shop SHOP_CURRENCY=EUR SHOP_LOCALE="$SHOP_LOCALE" \
    PLUGIN="$PLUGIN" INTERNET=off SETUP_ROUTE=scratch PHP_WORKERS=2 chroot --userspec=33:33 "$web" "$@"
}

stop_server() {
  kill -TERM "$server"
  # The entrypoint says 143 where it was asked to stop.
  wait "$server" || [ $? = 143 ]
}

password=$(throw_away)
secret "$database" database/password "$password"
secret "$web" database/password "$password"
secret "$web" admin/email "$(throw_away)@template.invalid"
secret "$web" admin/password "$(throw_away)"
secret "$web" app/salt "$(throw_away)"
install -d -o 999 -g 999 "$database/data" "$database/run/mysqld"

# A shop as setup makes it.
env -i PATH="$path" chroot --userspec=999:999 "$database" urumi-mariadb &
server=$!
inside urumi-mariadb-ready
mkdir -p "$web/tmp/setup"
cp "$CHART_FILES"/* "$web/tmp/setup/"
in_web urumi-setup /tmp/setup
in_web php /srv/urumi/scrub.php
inside mariadb-dump --no-defaults --skip-ssl --socket=/run/mysqld/mysqld.sock --single-transaction --skip-comments \
  --no-tablespaces --result-file=/tmp/shop.sql wordpress
stop_server

# Into a new data directory, where no byte of what was taken out can be left between the rows or in a log.
inside mkdir /data/template
inside sh -c 'zstd -dcq /usr/share/urumi/template/empty.tar.zst | tar -xf - -C /data/template'
env -i PATH="$path" chroot --userspec=999:999 "$database" \
  mariadbd --defaults-file=/etc/urumi/mariadb.cnf --datadir=/data/template --skip-networking &
server=$!
left=600
until sql --execute='DO 1' 2> /dev/null; do
  left=$((left - 1))
  [ "$left" -gt 0 ] && kill -0 "$server" || { echo 'the database does not answer' >&2; exit 1; }
  sleep 0.1
done
sql --execute='CREATE DATABASE wordpress'
sql --database=wordpress --execute='SOURCE /tmp/shop.sql'
# Nothing is left to be done at the first start of a shop.
sql --execute='SET GLOBAL innodb_fast_shutdown = 0'
stop_server

mkdir -p "$out/usr/share/urumi/template"
# Two thirds are zeros that a new shop need not write. The redo log stays whole: a volume that fills up later must not
# take the room it counts on.
cp -a --sparse=always "$database/data/template" "$database/data/sparse"
cp --sparse=never "$database/data/template/ib_logfile0" "$database/data/sparse/ib_logfile0"
tar --sparse --sort=name --mtime=@0 --owner=999 --group=999 --numeric-owner --exclude=./ibtmp1 -C "$database/data/sparse" -cf - . \
  | zstd -15 -q -o "$out/usr/share/urumi/template/$TEMPLATE.tar.zst"
