<?php
/** What the container is told: the environment, and files below the secrets folder. Parsed once, trusted after. */

declare(strict_types=1);

namespace Urumi;

require_once __DIR__ . '/cause.php';

final class Environment {

	private function __construct(
		public readonly string $databaseHost,
		public readonly int $databasePort,
		public readonly string $databaseName,
		public readonly string $databaseUser,
		public readonly string $storeId,
		/** Scheme, host and port, without a slash at the end. */
		public readonly string $storeUrl,
		public readonly string $shopName,
		public readonly string $currency,
		public readonly string $locale,
		public readonly bool $hasInternet,
		public readonly bool $hasPlugin,
		public readonly bool $isFromTemplate,
		private readonly string $secrets,
	) {
	}

	/** @throws Fault naming the variable that makes no sense */
	public static function read(): self {
		return new self(
			databaseHost: self::match( 'DATABASE_HOST', '/^[a-zA-Z0-9.-]+$/' ),
			databasePort: (int) self::match( 'DATABASE_PORT', '/^\d{1,5}$/', '3306' ),
			databaseName: self::match( 'DATABASE_NAME', '/^\w+$/', 'wordpress' ),
			databaseUser: self::match( 'DATABASE_USER', '/^\w+$/', 'wordpress' ),
			storeId: self::match( 'STORE_ID', '/^[a-zA-Z0-9_-]+$/' ),
			storeUrl: rtrim( self::match( 'STORE_URL', '~^https?://[a-zA-Z0-9.:-]+/?$~' ), '/' ),
			shopName: self::match( 'SHOP_NAME', '/\S/u', 'Shop' ),
			currency: strtoupper( self::match( 'SHOP_CURRENCY', '/^[a-zA-Z]{3}$/', 'EUR' ) ),
			locale: self::match( 'SHOP_LOCALE', '/^[a-z]{2,3}(_[a-zA-Z]+)*$/', 'en_US' ),
			hasInternet: 'on' === self::match( 'INTERNET', '/^(on|off)$/', 'off' ),
			hasPlugin: 'woocommerce' === self::match( 'PLUGIN', '/^(woocommerce|none)$/', 'woocommerce' ),
			isFromTemplate: 'template' === self::match( 'SETUP_ROUTE', '/^(template|scratch)$/', 'scratch' ),
			secrets: self::match( 'URUMI_SECRETS', '/\S/', '/run/secrets/urumi' ),
		);
	}

	/**
	 * @param string $name  path below the secrets folder, as `admin/email`
	 * @throws Fault when it is missing or empty; never shows a value
	 */
	public function secret( string $name ): string {
		$file = "{$this->secrets}/{$name}";
		$text = is_readable( $file ) ? trim( (string) file_get_contents( $file ) ) : '';
		if ( '' === $text ) {
			throw Fault::badInput( "the secret {$name} is missing or empty" );
		}
		return $text;
	}

	private static function match( string $name, string $pattern, ?string $default = null ): string {
		$text = trim( (string) getenv( $name ) );
		if ( '' === $text && null !== $default ) {
			return $default;
		}
		if ( 1 !== preg_match( $pattern, $text ) ) {
			throw Fault::badInput( "the environment variable {$name} is missing or makes no sense: \"{$text}\"" );
		}
		return $text;
	}
}
