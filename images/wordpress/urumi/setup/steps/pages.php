<?php
declare(strict_types=1);

namespace Urumi\Setup;

use Urumi\Environment;

/**
 * The front page, the navigation and the look around them.
 *
 * @param list<Product>      $products
 * @param array<string, int> $pictures
 */
function ensurePages( Environment $environment, Settings $settings, array $products, array $pictures ): void {
	$links = $environment->hasPlugin ? shopLinks() : array( 'Our things' => '/#things' );
	$home  = ensurePost(
		array(
			'post_type'    => 'page',
			'post_name'    => 'home',
			'post_title'   => 'Home',
			'post_content' => frontPage( $environment, $settings, $products, $pictures ),
		)
	);
	update_option( 'show_on_front', 'page' );
	update_option( 'page_on_front', $home );
	update_option( 'blogdescription', '' );
	update_option( 'default_comment_status', 'closed' );
	update_option( 'default_ping_status', 'closed' );
	if ( wp_is_block_theme() ) {
		update_post_meta( $home, '_wp_page_template', 'page-no-title' );
		ensureBlockLook( $environment, $links );
	} else {
		update_post_meta( $home, '_wp_page_template', 'template-fullwidth.php' );
		ensureClassicLook( $links );
	}
}

/** @return array<string, string> address by label */
function shopLinks(): array {
	$links = array();
	foreach ( array( 'shop', 'cart', 'myaccount' ) as $name ) {
		$page = wc_get_page_id( $name );
		if ( $page > 0 ) {
			$links[ get_the_title( $page ) ] = '/' . get_page_uri( $page ) . '/';
		}
	}
	return $links;
}

/** A published post known by type and name: found, or made. */
function ensurePost( array $post ): int {
	$found = get_posts(
		array(
			'post_type'      => $post['post_type'],
			'name'           => $post['post_name'],
			'post_status'    => 'publish',
			'fields'         => 'ids',
			'posts_per_page' => 1,
		)
	);
	if ( array() !== $found ) {
		return $found[0];
	}
	$id = wp_insert_post( wp_slash( $post + array( 'post_status' => 'publish' ) ), true );
	return is_wp_error( $id ) ? throw new \RuntimeException( "{$post['post_name']} was not made: {$id->get_error_message()}" ) : $id;
}

/**
 * The front page in core's blocks, so that it is edited like any other. With the plugin it sells; without it shows.
 *
 * @param list<Product>      $products
 * @param array<string, int> $pictures
 */
function frontPage( Environment $environment, Settings $settings, array $products, array $pictures ): string {
	ob_start();
	require $environment->hasPlugin ? __DIR__ . '/../front/shop.php' : __DIR__ . '/../front/plain.php';
	// One block a line without indentation: WordPress would make paragraphs of what is left between.
	return (string) preg_replace( '/^\s+/m', '', (string) ob_get_clean() );
}
