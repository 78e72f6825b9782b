<?php
/** What products.csv of the chart says: the products a new shop starts with, one a row, prices in the shop's currency. */

declare(strict_types=1);

namespace Urumi\Setup;

use Urumi\Fault;

const REQUIRED_COLUMNS = array( 'sku', 'name', 'category', 'price', 'stock' );
const OTHER_COLUMNS    = array( 'picture', 'short_description', 'description' );

final class Product {

	public function __construct(
		public readonly string $sku,
		public readonly string $name,
		public readonly string $category,
		/** As written, with a point: prices are not numbers to calculate with here. */
		public readonly string $price,
		public readonly int $stock,
		/** Name of a picture of the image, or ''. */
		public readonly string $picture,
		public readonly string $shortDescription,
		public readonly string $description,
	) {
	}
}

/**
 * @return list<Product>
 * @throws Fault naming line, column and fault of the first row that makes no sense
 */
function parseCatalogue( string $text ): array {
	$rows    = readRows( $text );
	$columns = array_map( trim( ... ), array_shift( $rows )['cells'] ?? array() );
	$missing = array_diff( REQUIRED_COLUMNS, $columns );
	if ( array() !== $missing ) {
		throw Fault::badInput( 'products.csv line 1: the columns ' . implode( ', ', $missing ) . ' are missing; columns are separated by commas' );
	}
	$unknown = array_diff( $columns, REQUIRED_COLUMNS, OTHER_COLUMNS );
	if ( array() !== $unknown ) {
		throw Fault::badInput( 'products.csv line 1: there is no column "' . implode( '", "', $unknown ) . '"; the columns are ' . implode( ', ', array( ...REQUIRED_COLUMNS, ...OTHER_COLUMNS ) ) );
	}
	$products = array();
	$lines    = array();
	foreach ( $rows as [ 'line' => $line, 'cells' => $cells ] ) {
		$place = "products.csv line {$line}";
		if ( count( $cells ) !== count( $columns ) ) {
			throw Fault::badInput( "{$place}: it has " . count( $cells ) . ' cells, the first line has ' . count( $columns ) . '; a text with a comma needs quotation marks' );
		}
		$product = parseProduct( array_combine( $columns, array_map( trim( ... ), $cells ) ), $place );
		if ( isset( $lines[ $product->sku ] ) ) {
			throw Fault::badInput( "{$place}: the sku \"{$product->sku}\" is used in line {$lines[ $product->sku ]} already" );
		}
		$lines[ $product->sku ] = $line;
		$products[]             = $product;
	}
	return array() === $products ? throw Fault::badInput( 'products.csv holds no products' ) : $products;
}

/** @param array<string, string> $row */
function parseProduct( array $row, string $place ): Product {
	foreach ( array( 'sku', 'name', 'category' ) as $column ) {
		if ( '' === $row[ $column ] ) {
			throw Fault::badInput( "{$place}: {$column} is empty" );
		}
	}
	if ( 1 !== preg_match( '/^\d{1,9}(\.\d{1,4})?$/', $row['price'] ) ) {
		throw Fault::badInput( "{$place}: price \"{$row['price']}\" is not a number, 0 or more, with a point as in 12.50" );
	}
	if ( 1 !== preg_match( '/^\d{1,9}$/', $row['stock'] ) ) {
		throw Fault::badInput( "{$place}: stock \"{$row['stock']}\" is not a whole number, 0 or more" );
	}
	$picture = $row['picture'] ?? '';
	return new Product(
		sku: $row['sku'],
		name: $row['name'],
		category: $row['category'],
		price: $row['price'],
		stock: (int) $row['stock'],
		picture: '' === $picture ? '' : toPicture( $picture, "{$place}: picture" ),
		shortDescription: $row['short_description'] ?? '',
		description: $row['description'] ?? '',
	);
}

/**
 * The rows with the line each begins in: a text in quotation marks may run over several.
 *
 * @return list<array{line: int, cells: list<string>}>
 */
function readRows( string $text ): array {
	$rows  = array();
	$row   = '';
	$begin = 1;
	foreach ( preg_split( '/\r\n|\n|\r/', $text ) ?: array() as $index => $line ) {
		if ( '' === $row ) {
			$begin = $index + 1;
		}
		$row .= ( '' === $row ? '' : "\n" ) . $line;
		if ( 1 === substr_count( $row, '"' ) % 2 ) {
			continue;
		}
		if ( '' !== trim( $row ) ) {
			$rows[] = array(
				'line'  => $begin,
				'cells' => array_map( strval( ... ), str_getcsv( $row, ',', '"', '' ) ),
			);
		}
		$row = '';
	}
	if ( '' !== $row ) {
		throw Fault::badInput( "products.csv line {$begin}: a quotation mark is opened and never closed" );
	}
	return $rows;
}
