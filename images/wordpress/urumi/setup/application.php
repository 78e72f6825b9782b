<?php
/** The part of setup that runs inside WordPress. */

declare(strict_types=1);

namespace Urumi\Setup;

use Urumi\Database;
use Urumi\Environment;

foreach ( array( 'administrator', 'pictures', 'products', 'shop', 'look', 'pages' ) as $name ) {
	require_once __DIR__ . "/steps/{$name}.php";
}

/** @param list<Product> $products */
function setUp( Database $database, Environment $environment, Settings $settings, array $products ): void {
	global $wpdb;
	$wpdb->suppress_errors( false );
	upgradeTables();
	$admin = step( 'administrator', static fn () => ensureAdministrator( $environment ) );
	// What is written now is not to be cleaned of the markup that only an administrator may write.
	wp_set_current_user( $admin );
	if ( $environment->hasPlugin && get_option( 'woocommerce_version' ) !== WC()->version ) {
		throw new \RuntimeException( 'WooCommerce did not install its tables' );
	}

	if ( null !== $database->option( \Urumi\MARK_CONTENT ) ) {
		echo "content was filled in before and is left to the merchant\n";
	} else {
		fillIn( $environment, $settings, $products );
		update_option( \Urumi\MARK_CONTENT, '1', false );
	}
	if ( null === $database->option( \Urumi\MARK_INSTANCE ) ) {
		$database->setOption( \Urumi\MARK_INSTANCE, \Urumi\newInstanceId(), false );
	}
	\Urumi\moveTo( $database, $environment );
	// Rules made before the products' addresses were known are wrong; the next request makes them anew.
	delete_option( 'rewrite_rules' );
	$database->setOption( \Urumi\MARK_SETUP, $environment->storeId, false );
}

/** @param list<Product> $products */
function fillIn( Environment $environment, Settings $settings, array $products ): void {
	global $wpdb;
	wp_defer_term_counting( true );
	if ( $environment->hasPlugin ) {
		step( 'shop', static fn () => ensureShop( $environment, $settings ) );
	}
	// One write to disk instead of hundreds; a death leaves little behind, and what it leaves is found and used again.
	$wpdb->query( 'START TRANSACTION' );
	$pictures = step( 'pictures', static fn () => ensurePictures( $settings, $products ) );
	if ( $environment->hasPlugin ) {
		step( 'products', static fn () => ensureProducts( $settings, $products, $pictures ) );
	}
	$wpdb->query( 'COMMIT' );
	$wpdb->query( 'START TRANSACTION' );
	step( 'pages', static fn () => ensurePages( $environment, $settings, $products, $pictures ) );
	$wpdb->query( 'COMMIT' );
	wp_defer_term_counting( false );
}

/** After an image with a newer WordPress: what its administrators are asked to press a button for. */
function upgradeTables(): void {
	global $wp_db_version;
	if ( (int) get_option( 'db_version' ) !== $wp_db_version ) {
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		step( 'newer tables', wp_upgrade( ... ) );
	}
}
