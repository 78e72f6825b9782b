<?php
/** A picture with a name and a line below; `$tile` says what. */

declare(strict_types=1);
?>
<!-- wp:group {"className":"shop-tile"} -->
<div class="wp-block-group shop-tile">
<!-- wp:image {"id":<?php echo (int) $tile['image']; ?>,"sizeSlug":"medium"<?php echo isset( $tile['address'] ) ? ',"linkDestination":"custom"' : ''; ?>} -->
<figure class="wp-block-image size-medium"><?php echo isset( $tile['address'] ) ? '<a href="' . esc_url( $tile['address'] ) . '">' : ''; ?><img src="<?php echo esc_url( Urumi\Setup\pictureUrl( $tile['picture'], true ) ); ?>" alt="<?php echo esc_attr( $tile['name'] ); ?>" class="wp-image-<?php echo (int) $tile['image']; ?>" width="400" height="400"/><?php echo isset( $tile['address'] ) ? '</a>' : ''; ?></figure>
<!-- /wp:image -->
<!-- wp:heading {"level":3} -->
<h3 class="wp-block-heading"><?php echo isset( $tile['address'] ) ? '<a href="' . esc_url( $tile['address'] ) . '">' : '', esc_html( $tile['name'] ), isset( $tile['address'] ) ? '</a>' : ''; ?></h3>
<!-- /wp:heading -->
<!-- wp:paragraph -->
<p><?php echo esc_html( $tile['text'] ); ?></p>
<!-- /wp:paragraph -->
</div>
<!-- /wp:group -->
