<?php
/** Small readers for the settings file: each takes a value and its place and returns it typed, or names the place. */

declare(strict_types=1);

namespace Urumi\Setup;

use Urumi\Fault;

/** @return array<mixed> */
function toObject( mixed $value, string $place ): array {
	return is_array( $value ) && ! array_is_list( $value ) ? $value : throw Fault::badInput( "{$place} must be an object" );
}

/** @return list<mixed> */
function toList( mixed $value, string $place ): array {
	return is_array( $value ) && array_is_list( $value ) ? $value : throw Fault::badInput( "{$place} must be a list" );
}

/** A text that is not blank, without its outer spaces. */
function toText( mixed $value, string $place ): string {
	return is_string( $value ) && '' !== trim( $value ) ? trim( $value ) : throw Fault::badInput( "{$place} must be a text that is not empty" );
}

/** A price in whole units of the currency (12.5 is twelve and a half), zero allowed. */
function toPrice( mixed $value, string $place ): float {
	return ( is_int( $value ) || is_float( $value ) ) && $value >= 0 ? (float) $value : throw Fault::badInput( "{$place} must be a number, 0 or more" );
}

/** The name of a picture this image carries. */
function toPicture( string $name, string $place ): string {
	if ( 1 === preg_match( '/^[a-z0-9-]+$/', $name ) && is_file( PICTURES . "/{$name}.webp" ) ) {
		return $name;
	}
	$known = array_map( static fn ( string $file ): string => basename( $file, '-400.webp' ), glob( PICTURES . '/*-400.webp' ) ?: array() );
	throw Fault::badInput( "{$place} \"{$name}\" is not one of the pictures of this image: " . implode( ', ', $known ) );
}

/** @throws Fault when the file cannot be read or is not UTF-8 */
function readText( string $folder, string $file ): string {
	$path = "{$folder}/{$file}";
	$text = is_readable( $path ) ? file_get_contents( $path ) : false;
	if ( false === $text ) {
		throw Fault::badInput( "{$file} cannot be read" );
	}
	if ( 1 !== preg_match( '//u', $text ) ) {
		throw Fault::badInput( "{$file} is not UTF-8: save it in that encoding" );
	}
	// Spreadsheets put a mark at the beginning.
	return str_starts_with( $text, "\u{FEFF}" ) ? substr( $text, 3 ) : $text;
}
