#!/bin/sh
# Starts Apache for one host name, as the usual WordPress image does.
set -eu
mkdir -p /tmp/opcache
tar -xf /srv/urumi/opcache.tar.zst --use-compress-program=zstd -C /tmp/opcache --skip-old-files
cat > /run/apache2/hosts.conf << CONFIGURATION
<VirtualHost *:$PORT>
ServerAlias $HOST
ServerName shop.invalid
Include /etc/apache2/urumi-shop.conf
</VirtualHost>
CONFIGURATION
exec apache2 -DFOREGROUND -f /etc/apache2/urumi.conf
