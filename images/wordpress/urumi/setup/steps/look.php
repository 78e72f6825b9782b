<?php
declare(strict_types=1);

namespace Urumi\Setup;

use Urumi\Environment;

/**
 * The look of a block theme, kept where its editor keeps it: colours and type as global styles, header and footer as
 * template parts, the navigation as a menu. All of it is the merchant's to change.
 *
 * @param array<string, string> $links  address by label
 */
function ensureBlockLook( Environment $environment, array $links ): void {
	$menu  = ensurePost(
		array(
			'post_type'    => 'wp_navigation',
			'post_name'    => 'main-menu',
			'post_title'   => 'Main menu',
			'post_content' => implode( '', array_map( navigationLink( ... ), array_keys( $links ), $links ) ),
		)
	);
	$theme = get_stylesheet();
	foreach ( array( 'header', 'footer' ) as $part ) {
		ob_start();
		require __DIR__ . "/../look/{$part}.php";
		$content = (string) preg_replace( '/^\s+/m', '', (string) ob_get_clean() );
		$id      = ensurePost(
			array(
				'post_type'    => 'wp_template_part',
				'post_name'    => $part,
				'post_title'   => ucfirst( $part ),
				'post_content' => $content,
			)
		);
		wp_set_object_terms( $id, $theme, 'wp_theme' );
		wp_set_object_terms( $id, $part, 'wp_template_part_area' );
	}
	$styles = json_decode( (string) file_get_contents( __DIR__ . '/../look/styles.json' ), true, 32, JSON_THROW_ON_ERROR );

	$styles['styles']['css'] = lookCss();
	$id                      = ensurePost(
		array(
			'post_type'    => 'wp_global_styles',
			'post_name'    => "wp-global-styles-{$theme}",
			'post_title'   => 'Custom Styles',
			'post_content' => wp_json_encode( $styles ),
		)
	);
	wp_set_object_terms( $id, $theme, 'wp_theme' );
	wp_clean_theme_json_cache();
}

/**
 * The same for a classic theme: menus, and the style sheet among its own additional styles.
 *
 * @param array<string, string> $links
 */
function ensureClassicLook( array $links ): void {
	$menu = wp_get_nav_menu_object( 'Main menu' );
	$id   = $menu ? $menu->term_id : wp_create_nav_menu( 'Main menu' );
	$have = wp_list_pluck( wp_get_nav_menu_items( $id ) ?: array(), 'title' );
	foreach ( $links as $label => $address ) {
		if ( ! in_array( $label, $have, true ) ) {
			wp_update_nav_menu_item(
				$id,
				0,
				array(
					'menu-item-title'  => $label,
					'menu-item-url'    => $address,
					'menu-item-status' => 'publish',
				)
			);
		}
	}
	set_theme_mod( 'nav_menu_locations', array( 'primary' => $id, 'handheld' => $id ) );
	wp_update_custom_css_post( lookCss() . file_get_contents( __DIR__ . '/../look/classic.css' ) );
}

function lookCss(): string {
	return (string) file_get_contents( __DIR__ . '/../look/look.css' );
}

function navigationLink( string $label, string $address ): string {
	$attributes = wp_json_encode( array( 'label' => $label, 'url' => $address, 'kind' => 'custom' ), JSON_UNESCAPED_SLASHES );
	return "<!-- wp:navigation-link {$attributes} /-->";
}
