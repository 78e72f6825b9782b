#!/bin/sh
# Makes PHP's compiled code of what a shop serves: a shop is set up from the image's own files, its pages are called, and
# what PHP kept is packed. Runs as root; database and shop run as their users, inside their roots.
#
#   compile.sh <folder for the result> <root of the MariaDB image> <root of the web image>
#
# PLUGIN       woocommerce or none
# CHART_FILES  the chart's files/woocommerce
set -eu
out=$1
database=$2
web=$3
path=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

secret() { mkdir -p "$(dirname "$1")" && printf %s "$2" > "$1"; }
environment="PATH=$path HOME=/tmp DATABASE_HOST=127.0.0.1 STORE_ID=build STORE_URL=http://build.invalid HOST=build.invalid
  SHOP_NAME=Shop PHP_WORKERS=2 PLUGIN=$PLUGIN"
# shellcheck disable=SC2086 # words without spaces
in_web() { env -i $environment chroot --userspec=33:33 "$web" "$@"; }

# A shop of this build, which ends with it.
secret "$database/run/secrets/urumi/database/password" build
for name in database/password admin/password app/salt; do secret "$web/run/secrets/urumi/$name" build; done
secret "$web/run/secrets/urumi/admin/email" build@build.invalid
install -d -o 999 -g 999 "$database/data" "$database/run/mysqld"
install -d -o 33 -g 33 "$web/run/apache2" "$web/srv/wordpress/wp-content/uploads"
mkdir -p "$web/tmp/setup"
cp "$CHART_FILES"/* "$web/tmp/setup/"
cp warm.php "$web/tmp/"

env -i PATH="$path" chroot --userspec=999:999 "$database" urumi-mariadb &
server=$!
in_web urumi-setup /tmp/setup
# shellcheck disable=SC2086
env -i $environment chroot --userspec=33:33 "$web" urumi-web &
shop=$!
in_web php /tmp/warm.php
kill -TERM "$shop"
wait "$shop" || :
kill -TERM "$server"
wait "$server" || [ $? = 143 ]

mkdir -p "$out/srv/urumi"
# PHP keeps no file of its configuration's blacklist: the secrets' readers are not in here.
tar --sort=name --mtime=@0 --owner=33 --group=33 --numeric-owner -C "$web/tmp/opcache" -cf - . \
  | zstd -9 -q -o "$out/srv/urumi/opcache.tar.zst"
