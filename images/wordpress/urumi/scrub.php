<?php
/**
 * Takes out of a finished shop what must never be in a template: users, sessions, orders, keys, ids, the address and
 * everything WordPress remembers for a while. Run once, by the build of a template, after setup and before the
 * database is stopped.
 */

declare(strict_types=1);

namespace Urumi;

require __DIR__ . '/renew.php';

/** Emptied where they exist: some are the plugin's. */
const PERSONAL_TABLES = array(
	'wp_users',
	'wp_usermeta',
	'wp_comments',
	'wp_commentmeta',
	'wp_woocommerce_sessions',
	'wp_woocommerce_api_keys',
	'wp_woocommerce_order_items',
	'wp_woocommerce_order_itemmeta',
	'wp_woocommerce_payment_tokens',
	'wp_woocommerce_payment_tokenmeta',
	'wp_woocommerce_log',
	'wp_wc_orders',
	'wp_wc_orders_meta',
	'wp_wc_order_addresses',
	'wp_wc_order_operational_data',
	'wp_wc_order_stats',
	'wp_wc_order_product_lookup',
	'wp_wc_order_tax_lookup',
	'wp_wc_order_coupon_lookup',
	'wp_wc_customer_lookup',
	'wp_wc_webhooks',
	'wp_wc_admin_notes',
	'wp_wc_admin_note_actions',
	'wp_actionscheduler_logs',
);

const PERSONAL_OPTIONS = array(
	MARK_INSTANCE,
	MARK_SETUP,
	'admin_email',
	'new_admin_email',
	'mailserver_login',
	'mailserver_pass',
	'woocommerce_store_id',
	'woocommerce_email_from_address',
	'woocommerce_stock_email_recipient',
	'recently_activated',
	'recovery_keys',
	'auth_key',
	'auth_salt',
	'secure_auth_key',
	'secure_auth_salt',
	'logged_in_key',
	'logged_in_salt',
	'nonce_key',
	'nonce_salt',
	'secret_key',
);

/** What stands where the address was until a store's own is written. */
const NO_ADDRESS = 'http://template.invalid';

try {
	$environment = Environment::read();
	$database    = Database::connect( $environment );
	foreach ( PERSONAL_TABLES as $table ) {
		if ( $database->hasTable( $table ) ) {
			$database->run( "TRUNCATE TABLE {$table}" );
		}
	}
	foreach ( PERSONAL_OPTIONS as $option ) {
		$database->run( 'DELETE FROM wp_options WHERE option_name = ?', $option );
	}
	// Settings the plugin writes with the administrator's address in them; it makes them anew.
	$database->run( 'DELETE FROM wp_options WHERE INSTR(option_value, ?) > 0', $environment->secret( 'admin/email' ) );
	$database->setOption( 'siteurl', NO_ADDRESS );
	$database->setOption( 'home', NO_ADDRESS );
	dropTransients( $database );
} catch ( Fault $fault ) {
	$fault->report();
	exit( $fault->exitCode() );
}
