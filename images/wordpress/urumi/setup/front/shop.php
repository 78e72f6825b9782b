<?php
/** Front page of a shop: a welcome, the categories, the first products with their buttons, what the shop stands for. */

declare(strict_types=1);

$shop   = '/' . get_page_uri( wc_get_page_id( 'shop' ) ) . '/';
$button = array( 'label' => 'Shop now', 'address' => $shop );
require __DIR__ . '/hero.php';
?>
<!-- wp:heading {"align":"wide","className":"shop-heading"} -->
<h2 class="wp-block-heading alignwide shop-heading">Shop by category</h2>
<!-- /wp:heading -->
<!-- wp:group {"align":"wide","className":"shop-tiles"} -->
<div class="wp-block-group alignwide shop-tiles">
<?php
foreach ( $settings->categories as $category ) {
	$tile = array(
		'name'    => $category['name'],
		'text'    => $category['description'],
		'picture' => $category['picture'],
		'image'   => $pictures[ $category['picture'] ],
		'address' => '/product-category/' . sanitize_title( $category['name'] ) . '/',
	);
	require __DIR__ . '/tile.php';
}
?>
</div>
<!-- /wp:group -->
<!-- wp:heading {"align":"wide","className":"shop-heading"} -->
<h2 class="wp-block-heading alignwide shop-heading">Good to start with</h2>
<!-- /wp:heading -->
<!-- wp:group {"align":"wide","className":"shop-products"} -->
<div class="wp-block-group alignwide shop-products">
<!-- wp:shortcode -->
[products limit="8" columns="4" orderby="menu_order" order="ASC"]
<!-- /wp:shortcode -->
</div>
<!-- /wp:group -->
<?php
require __DIR__ . '/promises.php';
