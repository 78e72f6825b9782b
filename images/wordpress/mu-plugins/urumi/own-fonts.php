<?php
/** No letters from another company's servers: that would tell it who visits, and a shop may have no way out. */

declare(strict_types=1);

add_filter( 'style_loader_tag', static fn ( string $tag ): string => str_contains( $tag, 'fonts.googleapis.com' ) ? '' : $tag );
