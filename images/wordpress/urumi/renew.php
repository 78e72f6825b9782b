<?php
/**
 * Makes a shop out of a template this store's own, by a few statements in one transaction and without WordPress:
 * address, name, currency, the one administrator, ids. A death at any point leaves the template; running twice, or in
 * two containers at once, does it once.
 */

declare(strict_types=1);

namespace Urumi;

require_once __DIR__ . '/database.php';
require_once __DIR__ . '/marks.php';
require_once __DIR__ . '/login.php';
require_once __DIR__ . '/currency.php';

/** @param string $password  the administrator's, hashed */
function renew( Database $database, Environment $environment, string $password ): void {
	$database->lock( 60 );
	if ( null !== $database->option( MARK_SETUP ) ) {
		return;
	}
	$database->transaction(
		static function () use ( $database, $environment, $password ): void {
			$email = $environment->secret( 'admin/email' );
			renewAdministrator( $database, array( adminLogin( $environment ), $email, $password ) );
			$options = array(
				'siteurl'      => $environment->storeUrl,
				'home'         => $environment->storeUrl,
				'blogname'     => htmlspecialchars( $environment->shopName, ENT_QUOTES ),
				'admin_email'  => $email,
				MARK_INSTANCE  => newInstanceId(),
			);
			if ( $environment->hasPlugin ) {
				$options += shopOptions( $environment, $email );
			}
			foreach ( $options as $name => $value ) {
				$database->setOption( $name, $value );
			}
			dropTransients( $database );
			$database->setOption( MARK_SETUP, $environment->storeId );
		}
	);
}

/** The address may change in a shop's life; what is remembered in transients holds the old one. */
function moveTo( Database $database, Environment $environment ): void {
	if ( $database->option( 'home' ) === $environment->storeUrl ) {
		return;
	}
	$database->setOption( 'siteurl', $environment->storeUrl );
	$database->setOption( 'home', $environment->storeUrl );
	dropTransients( $database );
}

function dropTransients( Database $database ): void {
	$database->run( "DELETE FROM wp_options WHERE option_name LIKE '\\_transient\\_%' OR option_name LIKE '\\_site\\_transient\\_%'" );
}

/** @param array{string, string, string} $who  login name, e-mail, hashed password */
function renewAdministrator( Database $database, array $who ): void {
	[ $login, $email, $password ] = $who;
	// The template's content names its author by this number; it came without any user.
	$database->run(
		"INSERT INTO wp_users (ID, user_login, user_pass, user_nicename, user_email, user_registered, display_name)
		 VALUES (1, ?, ?, 'shop', ?, UTC_TIMESTAMP(), 'Shop')",
		$login,
		$password,
		$email
	);
	$meta = array(
		'nickname'              => 'Shop',
		'wp_capabilities'       => serialize( array( 'administrator' => true ) ),
		'wp_user_level'         => '10',
		'rich_editing'          => 'true',
		'syntax_highlighting'   => 'true',
		'admin_color'           => 'fresh',
		'show_admin_bar_front'  => 'true',
		'show_welcome_panel'    => '0',
	);
	foreach ( $meta as $key => $value ) {
		$database->run( 'INSERT INTO wp_usermeta (user_id, meta_key, meta_value) VALUES (1, ?, ?)', $key, $value );
	}
}

/** @return array<string, string> */
function shopOptions( Environment $environment, string $email ): array {
	return currencyOptions( $environment->currency ) + array(
		'woocommerce_store_id'                => newStoreUuid(),
		'woocommerce_email_from_name'         => htmlspecialchars( $environment->shopName, ENT_QUOTES ),
		'woocommerce_email_from_address'      => $email,
		'woocommerce_stock_email_recipient'   => $email,
	);
}

/** A random UUID (version 4), as WooCommerce makes its own. */
function newStoreUuid(): string {
	$bytes    = random_bytes( 16 );
	$bytes[6] = chr( ord( $bytes[6] ) & 0x0f | 0x40 );
	$bytes[8] = chr( ord( $bytes[8] ) & 0x3f | 0x80 );
	return vsprintf( '%s%s-%s-%s-%s-%s%s%s', str_split( bin2hex( $bytes ), 4 ) );
}
