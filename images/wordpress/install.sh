#!/bin/sh
# Puts our own part of the web image below the folder $1: configuration of Apache and PHP, entry, setup, the must-use
# plugin and the product pictures. WordPress itself is the layer of install-wordpress.sh.
set -eu
root=$1
here=$(dirname "$0")

install -D -m 0755 "$here/bin/urumi-web" "$root/usr/local/bin/urumi-web"
install -D -m 0755 "$here/bin/urumi-setup" "$root/usr/local/bin/urumi-setup"
install -D -m 0755 "$here/bin/wp" "$root/usr/local/bin/wp"

# What Debian's alternatives would set up. The official image has its own PHP, in a folder that comes first.
mkdir -p "$root/usr/bin"
[ -e "$root/usr/local/bin/php" ] || ln -sf php8.4 "$root/usr/bin/php"

mkdir -p "$root/etc/apache2"
cp "$here/apache/"*.conf "$root/etc/apache2/"

# Debian's PHP reads a folder per way it is run; the official image has one for all, and its extensions switched on.
for folder in apache2 cli; do
  install -D -m 0644 "$here/php/extensions.ini" "$root/etc/php/8.4/$folder/conf.d/10-extensions.ini"
  install -D -m 0644 "$here/php/urumi.ini" "$root/etc/php/8.4/$folder/conf.d/90-urumi.ini"
done
if [ -d "$root/usr/local/etc/php/conf.d" ]; then cp "$here/php/urumi.ini" "$root/usr/local/etc/php/conf.d/90-urumi.ini"; fi
# Read by the PHP inside Apache only: the entry names the folder.
install -D -m 0644 "$here/php/web.ini" "$root/etc/urumi/php/web.ini"
install -D -m 0644 "$here/php/opcache-blacklist.txt" "$root/etc/urumi/opcache-blacklist.txt"

target="$root/srv/wordpress"
mkdir -p "$target/wp-content/mu-plugins" "$target/wp-content/uploads" "$root/srv/urumi"
cp "$here/wp-config.php" "$target/"
cp -R "$here/mu-plugins/." "$target/wp-content/mu-plugins/"
cp -R "$here/urumi/." "$root/srv/urumi/"
cp -R "$here/media" "$root/srv/urumi/media"

# Mount points: process id and locks, secrets.
mkdir -p "$root/run/apache2" "$root/run/secrets/urumi"
