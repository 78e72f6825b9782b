#!/bin/sh
# Setup of a shop, with the folder of settings.json and products.json.
set -eu
exec node /srv/medusa/urumi/setup.js "${1:?the folder of settings.json and products.json}"
