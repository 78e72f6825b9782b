#!/bin/sh
# Applies settings.json and products.csv of this folder to the shop, by WP-CLI in one process. The logic is part of the
# web image, so that it always fits the WordPress it was built with; see images/README.md.
set -eu
exec /usr/local/bin/urumi-setup "${0%/*}"
