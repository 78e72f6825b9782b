#!/bin/sh
# Builds the dashboard below the folder $1. Needs node 24 on the path and the project at $SOURCE, its dependencies installed.
set -eu
root=$1
here=$(cd "$(dirname "$0")" && pwd)
source=${SOURCE:-$here/../..}
target="$root/srv/urumi/dashboard"
mkdir -p "$target"
cd "$source/apps/dashboard"
NODE_ENV=production node node_modules/vite/bin/vite.js build --outDir "$target" --emptyOutDir --logLevel warn
