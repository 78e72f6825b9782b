<?php
/** Name of the shop and its menu, on every page; with the plugin also the cart. */

declare(strict_types=1);
?>
<!-- wp:group {"align":"full","className":"shop-header","layout":{"type":"constrained"}} -->
<div class="wp-block-group alignfull shop-header">
<!-- wp:group {"align":"wide","layout":{"type":"flex","flexWrap":"nowrap","justifyContent":"space-between"}} -->
<div class="wp-block-group alignwide">
<!-- wp:site-title {"level":0} /-->
<!-- wp:group {"layout":{"type":"flex","flexWrap":"nowrap","justifyContent":"right"}} -->
<div class="wp-block-group">
<!-- wp:navigation {"ref":<?php echo (int) $menu; ?>,"overlayBackgroundColor":"base","overlayTextColor":"contrast","layout":{"type":"flex","justifyContent":"right"}} /-->
<?php echo $environment->hasPlugin ? '<!-- wp:woocommerce/mini-cart /-->' : ''; ?>

</div>
<!-- /wp:group -->
</div>
<!-- /wp:group -->
</div>
<!-- /wp:group -->
