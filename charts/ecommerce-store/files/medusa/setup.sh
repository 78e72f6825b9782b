#!/bin/sh
# Applies settings.json and products.json of this folder to the shop. The logic is part of the server image, so that
# it always fits the Medusa it was built with; see images/README.md.
set -eu
exec urumi-setup "${0%/*}"
