<?php
/** Ways in that no shop needs: remote procedure calls, and telling visitors which version runs here. */

declare(strict_types=1);

add_filter( 'xmlrpc_enabled', '__return_false' );
add_filter( 'pings_open', '__return_false' );
add_filter( 'the_generator', '__return_empty_string', 99 );
foreach ( array( 'html', 'xhtml' ) as $kind ) {
	add_filter( "get_the_generator_{$kind}", '__return_empty_string', 99 );
}
remove_action( 'wp_head', 'rsd_link' );
add_filter(
	'wp_headers',
	static function ( array $headers ): array {
		unset( $headers['X-Pingback'] );
		return $headers;
	}
);
// Pictures are scaled here: the library that browsers would do it with is not in the image.
add_filter( 'wp_client_side_media_processing_enabled', '__return_false' );
