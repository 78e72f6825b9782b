#!/bin/sh
# Makes the product pictures below media/ from the storefront's drawings: WebP in two sizes. Run by hand after a drawing
# changed; needs rsvg-convert (Debian librsvg2-bin) and cwebp (Debian webp). The result is committed, no build runs this.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p media
for drawing in ../medusa-storefront/media/*.svg; do
  name=$(basename "$drawing" .svg)
  for size in 800 400; do
    rsvg-convert --width "$size" --height "$size" "$drawing" --output "$work/picture.png"
    suffix=$([ "$size" = 800 ] || echo "-$size")
    cwebp -quiet -q 82 -m 6 -sharp_yuv "$work/picture.png" -o "media/$name$suffix.webp"
  done
done
