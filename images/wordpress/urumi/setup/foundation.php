<?php
/** What must be so before WordPress is loaded for setup: its tables, which plugin and theme it loads, its addresses. */

declare(strict_types=1);

namespace Urumi\Setup;

use Urumi\Database;
use Urumi\Environment;
use Urumi\Fault;

const PLUGIN_FILE = 'woocommerce/woocommerce.php';
const CONTENT     = '/srv/wordpress/wp-content';

/** @throws Fault PluginMissing */
function requirePlugin( Environment $environment ): void {
	if ( $environment->hasPlugin && ! is_file( CONTENT . '/plugins/' . PLUGIN_FILE ) ) {
		throw new Fault( 'PluginMissing', 'the image holds no WooCommerce: build it with a plugin archive, or use an image that has one' );
	}
}

/** In a process of its own: WordPress installs itself only while it is loaded for that. */
function installCore(): void {
	$process = proc_open( array( PHP_BINARY, '-d', 'memory_limit=512M', __DIR__ . '/core.php' ), array(), $pipes );
	if ( false === $process || 0 !== proc_close( $process ) ) {
		throw new \RuntimeException( 'WordPress could not be installed' );
	}
}

/**
 * Plugin and theme are chosen before WordPress loads, so that one process both installs and fills them; WooCommerce
 * makes its tables when it finds itself without a version.
 */
function prepareLoading( Database $database, Environment $environment ): void {
	$active = unserialize( $database->option( 'active_plugins' ) ?? '', array( 'allowed_classes' => false ) );
	$active = is_array( $active ) ? $active : array();
	$others = array_values( array_diff( $active, array( PLUGIN_FILE ) ) );
	$database->setOption( 'active_plugins', serialize( $environment->hasPlugin ? array( ...$others, PLUGIN_FILE ) : $others ) );
	// A setup that was killed leaves these notes, which keep the plugin from installing for ten minutes. We hold the lock.
	$database->run( "DELETE FROM wp_options WHERE option_name IN ('wc_installing', '_transient_wc_installing', '_transient_timeout_wc_installing')" );
	if ( null !== $database->option( \Urumi\MARK_CONTENT ) ) {
		return;
	}
	$options = array( 'permalink_structure' => '/%postname%/' );
	if ( $environment->hasPlugin ) {
		$theme = givenTheme();
		if ( null !== $theme ) {
			$options += array( 'template' => $theme, 'stylesheet' => $theme );
		}
		$options += \Urumi\currencyOptions( $environment->currency ) + array(
			'woocommerce_coming_soon'    => 'no',
			'woocommerce_allow_tracking' => 'no',
			// Instead of a copy among the uploads, which setup does not have.
			'woocommerce_placeholder_image' => '/wp-content/plugins/woocommerce/assets/images/placeholder.webp',
		);
	}
	foreach ( $options as $name => $value ) {
		$database->setOption( $name, $value );
	}
}

/** The folder of the theme that was put into the image beside WordPress's own; null for none. */
function givenTheme(): ?string {
	foreach ( glob( CONTENT . '/themes/*/style.css' ) ?: array() as $file ) {
		$name = basename( dirname( $file ) );
		if ( ! str_starts_with( $name, 'twenty' ) ) {
			return $name;
		}
	}
	return null;
}

/**
 * While WordPress loads: no mail to anybody, and no complaints about tables that the plugin makes only then. That it made
 * them is seen afterwards.
 */
function quieten(): void {
	\WP_CLI::add_wp_hook( 'pre_wp_mail', static fn (): bool => true );
	\WP_CLI::add_wp_hook(
		'muplugins_loaded',
		static function (): void {
			global $wpdb;
			$wpdb->suppress_errors( ! get_option( 'woocommerce_version' ) );
		}
	);
}
