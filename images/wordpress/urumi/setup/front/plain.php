<?php
/** Front page without the plugin: the same things to look at. It is no shop and shows no prices and no buttons. */

declare(strict_types=1);

$button = array( 'label' => 'Have a look', 'address' => '#things' );
require __DIR__ . '/hero.php';
?>
<!-- wp:heading {"align":"wide","className":"shop-heading","anchor":"things"} -->
<h2 class="wp-block-heading alignwide shop-heading" id="things">Our things</h2>
<!-- /wp:heading -->
<!-- wp:group {"align":"wide","className":"shop-tiles"} -->
<div class="wp-block-group alignwide shop-tiles">
<?php
foreach ( $products as $product ) {
	if ( '' !== $product->picture ) {
		$tile = array(
			'name'    => $product->name,
			'text'    => $product->shortDescription,
			'picture' => $product->picture,
			'image'   => $pictures[ $product->picture ],
		);
		require __DIR__ . '/tile.php';
	}
}
?>
</div>
<!-- /wp:group -->
<?php
require __DIR__ . '/promises.php';
