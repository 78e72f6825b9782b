<?php
/** What the shop stands for, in a row. */

declare(strict_types=1);
?>
<!-- wp:columns {"align":"wide","className":"shop-promises"} -->
<div class="wp-block-columns alignwide shop-promises">
<?php foreach ( $settings->front['promises'] as $promise ) : ?>
<!-- wp:column -->
<div class="wp-block-column">
<!-- wp:heading {"level":3} -->
<h3 class="wp-block-heading"><?php echo esc_html( $promise['title'] ); ?></h3>
<!-- /wp:heading -->
<!-- wp:paragraph -->
<p><?php echo esc_html( $promise['text'] ); ?></p>
<!-- /wp:paragraph -->
</div>
<!-- /wp:column -->
<?php endforeach; ?>
</div>
<!-- /wp:columns -->
