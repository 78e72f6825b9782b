<?php
/**
 * WordPress's configuration: the same file for every shop. Everything that differs comes from the environment and from
 * secret files; nothing is written here.
 */

(static function (): void {
	require_once '/srv/urumi/environment.php';
	$environment = Urumi\Environment::read();
	$salt        = $environment->secret( 'app/salt' );

	define( 'DB_NAME', $environment->databaseName );
	define( 'DB_USER', $environment->databaseUser );
	define( 'DB_PASSWORD', $environment->secret( 'database/password' ) );
	define( 'DB_HOST', $environment->databaseHost . ':' . $environment->databasePort );
	define( 'DB_CHARSET', 'utf8mb4' );
	define( 'DB_COLLATE', '' );

	// One secret per shop, from which each key and salt follows.
	foreach ( array( 'AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE' ) as $name ) {
		define( "{$name}_KEY", hash_hmac( 'sha256', "{$name}_KEY", $salt ) );
		define( "{$name}_SALT", hash_hmac( 'sha256', "{$name}_SALT", $salt ) );
	}

	define( 'WP_HOME', $environment->storeUrl );
	define( 'WP_SITEURL', $environment->storeUrl );
	// The ingress ends TLS: links and cookies follow the address the shop is known by.
	if ( str_starts_with( $environment->storeUrl, 'https:' ) ) {
		$_SERVER['HTTPS'] = 'on';
		define( 'FORCE_SSL_ADMIN', true );
	}

	// The document root belongs to the image.
	define( 'DISALLOW_FILE_EDIT', true );
	define( 'DISALLOW_FILE_MODS', true );
	define( 'AUTOMATIC_UPDATER_DISABLED', true );
	// The entry calls it once a minute; visitors do not wait for it.
	define( 'DISABLE_WP_CRON', true );
	define( 'WP_POST_REVISIONS', 10 );
	define( 'WP_DEBUG', false );
	define( 'WP_TEMP_DIR', '/tmp' );
	// Without a way out every call home would end in a time-out.
	if ( ! $environment->hasInternet ) {
		define( 'WP_HTTP_BLOCK_EXTERNAL', true );
	}
})();

$table_prefix = 'wp_';

defined( 'ABSPATH' ) || define( 'ABSPATH', __DIR__ . '/' );
require_once ABSPATH . 'wp-settings.php';
