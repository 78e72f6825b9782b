<?php
declare(strict_types=1);

namespace Urumi\Setup;

/**
 * Categories and products. A product is known by its SKU; one that a killed run began and gave no SKU yet is found by
 * its address and finished.
 *
 * @param list<Product>      $products
 * @param array<string, int> $pictures
 */
function ensureProducts( Settings $settings, array $products, array $pictures ): void {
	$categories = ensureCategories( $settings, $products, $pictures );
	foreach ( $products as $order => $wanted ) {
		if ( 0 !== wc_get_product_id_by_sku( $wanted->sku ) ) {
			continue;
		}
		$product = new \WC_Product_Simple( findUnfinished( $wanted ) );
		$product->set_name( $wanted->name );
		$product->set_slug( sanitize_title( $wanted->name ) );
		$product->set_status( 'publish' );
		$product->set_short_description( $wanted->shortDescription );
		$product->set_description( $wanted->description );
		$product->set_regular_price( $wanted->price );
		$product->set_manage_stock( true );
		$product->set_stock_quantity( $wanted->stock );
		$product->set_category_ids( array( $categories[ $wanted->category ] ) );
		$product->set_menu_order( $order + 1 );
		$product->set_image_id( $pictures[ $wanted->picture ] ?? 0 );
		$product->set_sku( $wanted->sku );
		$product->save();
	}
}

function findUnfinished( Product $wanted ): int {
	$post = get_page_by_path( sanitize_title( $wanted->name ), OBJECT, 'product' );
	return null !== $post && '' === (string) get_post_meta( $post->ID, '_sku', true ) ? $post->ID : 0;
}

/**
 * @param list<Product>      $products
 * @param array<string, int> $pictures
 * @return array<string, int> term by name
 */
function ensureCategories( Settings $settings, array $products, array $pictures ): array {
	$about = array_column( $settings->categories, null, 'name' );
	$ids   = array();
	// In the order of the settings first: that is the order they are shown in.
	$names = array_unique( array( ...array_keys( $about ), ...array_map( static fn ( Product $product ) => $product->category, $products ) ) );
	foreach ( array_values( $names ) as $order => $name ) {
		$name = (string) $name;
		$term = get_term_by( 'name', $name, 'product_cat' );
		$made = $term ? $term->term_id : wp_insert_term( $name, 'product_cat', array( 'description' => $about[ $name ]['description'] ?? '' ) );
		if ( is_wp_error( $made ) ) {
			throw new \RuntimeException( "the category {$name} was not made: {$made->get_error_message()}" );
		}
		$id = is_array( $made ) ? $made['term_id'] : $made;
		update_term_meta( $id, 'order', $order );
		if ( isset( $about[ $name ] ) ) {
			update_term_meta( $id, 'thumbnail_id', $pictures[ $about[ $name ]['picture'] ] );
		}
		$ids[ $name ] = $id;
	}
	return $ids;
}
