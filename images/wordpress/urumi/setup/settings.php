<?php
/** What settings.json of the chart says: the words of the front page, where the shop is, how it ships and is paid. */

declare(strict_types=1);

namespace Urumi\Setup;

use Urumi\Fault;

final class Settings {

	private function __construct(
		/** @var array{heading: string, text: string, picture: string, promises: list<array{title: string, text: string}>} */
		public readonly array $front,
		/** @var array{street: string, city: string, postcode: string, country: string} */
		public readonly array $address,
		public readonly string $zone,
		/** @var list<array{name: string, price: float}> */
		public readonly array $shipping,
		/** @var array{title: string, description: string} */
		public readonly array $cashOnDelivery,
		/** @var list<array{name: string, description: string, picture: string}> */
		public readonly array $categories,
	) {
	}

	/** @throws Fault naming the entry */
	public static function parse( string $text ): self {
		try {
			$file = toObject( json_decode( $text, true, 32, JSON_THROW_ON_ERROR ), 'settings.json' );
		} catch ( \JsonException $error ) {
			throw Fault::badInput( "settings.json is not valid JSON: {$error->getMessage()}" );
		}
		$front    = toObject( $file['front'] ?? null, 'settings.json: front' );
		$address  = toObject( $file['address'] ?? null, 'settings.json: address' );
		$shipping = toObject( $file['shipping'] ?? null, 'settings.json: shipping' );
		$payment  = toObject( $file['cashOnDelivery'] ?? null, 'settings.json: cashOnDelivery' );
		$country  = toText( $address['country'] ?? null, 'settings.json: address: country' );
		if ( 1 !== preg_match( '/^[A-Z]{2}$/', $country ) ) {
			throw Fault::badInput( 'settings.json: address: country must be a two-letter country code in capitals' );
		}
		return new self(
			front: texts( $front, array( 'heading', 'text' ), 'settings.json: front' ) + array(
				'picture'  => toPicture( toText( $front['picture'] ?? null, 'settings.json: front: picture' ), 'settings.json: front: picture' ),
				'promises' => entries( $front['promises'] ?? null, array( 'title', 'text' ), 'settings.json: front: promise' ),
			),
			address: texts( $address, array( 'street', 'city', 'postcode' ), 'settings.json: address' ) + array( 'country' => $country ),
			zone: toText( $shipping['zone'] ?? null, 'settings.json: shipping: zone' ),
			shipping: self::parseWays( $shipping['ways'] ?? null ),
			cashOnDelivery: texts( $payment, array( 'title', 'description' ), 'settings.json: cashOnDelivery' ),
			categories: self::parseCategories( $file['categories'] ?? null ),
		);
	}

	/** @return list<array{name: string, price: float}> */
	private static function parseWays( mixed $value ): array {
		$ways = array();
		foreach ( toList( $value, 'settings.json: shipping: ways' ) as $index => $way ) {
			$place  = 'settings.json: shipping: way ' . ( $index + 1 );
			$way    = toObject( $way, $place );
			$ways[] = array(
				'name'  => toText( $way['name'] ?? null, "{$place}: name" ),
				'price' => toPrice( $way['price'] ?? null, "{$place}: price" ),
			);
		}
		return array() === $ways ? throw Fault::badInput( 'settings.json: shipping: ways must hold at least one' ) : $ways;
	}

	/** @return list<array{name: string, description: string, picture: string}> */
	private static function parseCategories( mixed $value ): array {
		$categories = entries( $value, array( 'name', 'description', 'picture' ), 'settings.json: category' );
		foreach ( $categories as $index => $category ) {
			toPicture( $category['picture'], 'settings.json: category ' . ( $index + 1 ) . ': picture' );
		}
		return $categories;
	}
}

/**
 * @param list<string> $keys
 * @return array<string, string>
 */
function texts( array $object, array $keys, string $place ): array {
	$found = array();
	foreach ( $keys as $key ) {
		$found[ $key ] = toText( $object[ $key ] ?? null, "{$place}: {$key}" );
	}
	return $found;
}

/**
 * @param list<string> $keys
 * @return list<array<string, string>>
 */
function entries( mixed $value, array $keys, string $place ): array {
	$found = array();
	foreach ( toList( $value, "{$place} list" ) as $index => $entry ) {
		$here    = "{$place} " . ( $index + 1 );
		$found[] = texts( toObject( $entry, $here ), $keys, $here );
	}
	return $found;
}
