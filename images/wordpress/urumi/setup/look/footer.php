<?php
/** The end of every page: the shop's name and its menu once more. */

declare(strict_types=1);
?>
<!-- wp:group {"align":"full","className":"shop-footer","layout":{"type":"constrained"}} -->
<div class="wp-block-group alignfull shop-footer">
<!-- wp:group {"align":"wide","layout":{"type":"flex","flexWrap":"wrap","justifyContent":"space-between"}} -->
<div class="wp-block-group alignwide">
<!-- wp:site-title {"level":0} /-->
<!-- wp:navigation {"ref":<?php echo (int) $menu; ?>,"overlayMenu":"never","layout":{"type":"flex","justifyContent":"right"}} /-->
</div>
<!-- /wp:group -->
</div>
<!-- /wp:group -->
