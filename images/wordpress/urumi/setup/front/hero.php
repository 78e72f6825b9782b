<?php
/** The first thing a visitor sees: words on one side, a picture on the other. */

declare(strict_types=1);

$source = Urumi\Setup\pictureUrl( $settings->front['picture'] );
$image  = $pictures[ $settings->front['picture'] ];
?>
<!-- wp:group {"align":"full","className":"shop-hero","layout":{"type":"constrained"}} -->
<div class="wp-block-group alignfull shop-hero">
<!-- wp:columns {"align":"wide","verticalAlignment":"center"} -->
<div class="wp-block-columns alignwide are-vertically-aligned-center">
<!-- wp:column {"verticalAlignment":"center","width":"54%"} -->
<div class="wp-block-column is-vertically-aligned-center" style="flex-basis:54%">
<!-- wp:heading {"level":1} -->
<h1 class="wp-block-heading"><?php echo esc_html( $settings->front['heading'] ); ?></h1>
<!-- /wp:heading -->
<!-- wp:paragraph {"className":"shop-lead"} -->
<p class="shop-lead"><?php echo esc_html( $settings->front['text'] ); ?></p>
<!-- /wp:paragraph -->
<!-- wp:buttons -->
<div class="wp-block-buttons">
<!-- wp:button -->
<div class="wp-block-button"><a class="wp-block-button__link wp-element-button" href="<?php echo esc_url( $button['address'] ); ?>"><?php echo esc_html( $button['label'] ); ?></a></div>
<!-- /wp:button -->
</div>
<!-- /wp:buttons -->
</div>
<!-- /wp:column -->
<!-- wp:column {"verticalAlignment":"center","width":"46%"} -->
<div class="wp-block-column is-vertically-aligned-center" style="flex-basis:46%">
<!-- wp:image {"id":<?php echo (int) $image; ?>,"sizeSlug":"full","className":"shop-hero-picture"} -->
<figure class="wp-block-image size-full shop-hero-picture"><img src="<?php echo esc_url( $source ); ?>" alt="" class="wp-image-<?php echo (int) $image; ?>" width="800" height="800"/></figure>
<!-- /wp:image -->
</div>
<!-- /wp:column -->
</div>
<!-- /wp:columns -->
</div>
<!-- /wp:group -->
