#!/bin/sh
# The usual set-up Job: a WP-CLI process for each step, against an empty database. Same content as Urumi's own set-up.
set -eu
here=${0%/*}
# The image's compiled code, for every process: the rival is not to lose by PHP's compiler.
mkdir -p /tmp/opcache
tar -xf /srv/urumi/opcache.tar.zst --use-compress-program=zstd -C /tmp/opcache --skip-old-files

secret() { cat "/run/secrets/urumi/$1"; }

# Takes the part of settings.json that a path of PHP keys names, or the rows of products.csv without its heading, tab by tab.
setting() { php -r '$v = json_decode(file_get_contents($argv[1]), true); foreach (array_slice($argv, 2) as $key) $v = $v[$key]; echo $v;' "$here/settings.json" "$@"; }
rows() { php -r '$rows = array_map(fn ($line) => str_getcsv($line, ",", "\"", ""), file($argv[1], FILE_IGNORE_NEW_LINES)); foreach (array_slice($rows, 1) as $row) echo implode("\t", $row), "\n";' "$here/products.csv"; }

until php -r 'mysqli_report(MYSQLI_REPORT_OFF); exit(@mysqli_connect(getenv("DATABASE_HOST"), getenv("DATABASE_USER"), trim(file_get_contents("/run/secrets/urumi/database/password")), getenv("DATABASE_NAME"), (int) (getenv("DATABASE_PORT") ?: 3306)) ? 0 : 1);'; do sleep 1; done

wp core install --url="$STORE_URL" --title="$SHOP_NAME" --admin_user=owner --admin_password="$(secret admin/password)" --admin_email="$(secret admin/email)" --skip-email
wp plugin activate woocommerce
if wp theme is-installed storefront; then wp theme activate storefront; fi
wp rewrite structure '/%postname%/'
wp option update woocommerce_coming_soon no
wp option update woocommerce_currency "$SHOP_CURRENCY"
wp option update woocommerce_store_address "$(setting address street)"
wp option update woocommerce_store_city "$(setting address city)"
wp option update woocommerce_store_postcode "$(setting address postcode)"
wp option update woocommerce_default_country "$(setting address country)"
wp option update woocommerce_enable_guest_checkout yes

zone=$(wp wc shipping_zone create --user=owner --name="$(setting shipping zone)" --porcelain)
for way in 0 1; do
  wp wc shipping_zone_method create "$zone" --user=owner --method_id=flat_rate --settings="{\"title\":\"$(setting shipping ways $way name)\",\"cost\":\"$(setting shipping ways $way price)\"}"
done
wp wc payment_gateway update cod --user=owner --enabled=true

tab=$(printf '\t')
for number in 0 1 2 3; do
  name=$(setting categories $number name)
  id=$(wp wc product_cat create --user=owner --name="$name" --description="$(setting categories $number description)" --porcelain)
  printf '%s\t%s\n' "$name" "$id" >> /tmp/categories
done
category_id() { while IFS=$tab read -r name id; do if [ "$name" = "$1" ]; then echo "$id"; fi; done < /tmp/categories; }

rows > /tmp/products
# All pictures in one process; their ids come in the order of the files.
set --
while IFS=$tab read -r sku name category price stock picture short long; do set -- "$@" "/srv/urumi/media/$picture.webp"; done < /tmp/products
wp media import "$@" --porcelain > /tmp/pictures
while IFS=$tab read -r sku name category price stock picture short long && read -r image <&3; do
  wp wc product create --user=owner --type=simple --sku="$sku" --name="$name" --regular_price="$price" --manage_stock=true --stock_quantity="$stock" \
    --short_description="$short" --description="$long" --categories="[{\"id\":$(category_id "$category")}]" --images="[{\"id\":$image}]"
done < /tmp/products 3< /tmp/pictures

wp option update show_on_front page
wp option update page_on_front "$(wp option get woocommerce_shop_page_id)"
wp rewrite flush
