#!/bin/sh
# Puts what the Redis image adds to its base below the folder $1: the places that the chart mounts.
set -eu
root=$1
mkdir -p "$root/data" "$root/run/secrets/urumi"
