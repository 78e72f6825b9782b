<?php
declare(strict_types=1);

namespace Urumi\Setup;

/**
 * The rows of the media library for the pictures that are used. Their files are put into uploads by the web container,
 * so every place they are needed in gets along without them being there.
 *
 * @param list<Product> $products
 * @return array<string, int> attachment by name of the picture
 */
function ensurePictures( Settings $settings, array $products ): array {
	$alt = array( $settings->front['picture'] => '' );
	foreach ( $settings->categories as $category ) {
		$alt[ $category['picture'] ] ??= $category['name'];
	}
	foreach ( $products as $product ) {
		if ( '' !== $product->picture ) {
			$alt[ $product->picture ] = $product->name;
		}
	}
	$ids = array();
	foreach ( $alt as $picture => $text ) {
		$ids[ $picture ] = findPicture( $picture ) ?? makePicture( $picture, $text );
	}
	return $ids;
}

/** The address of a picture's file, without scheme and host: it fits every address of the shop. */
function pictureUrl( string $picture, bool $isSmall = false ): string {
	return "/wp-content/uploads/urumi/{$picture}" . ( $isSmall ? '-400' : '' ) . '.webp';
}

function findPicture( string $picture ): ?int {
	global $wpdb;
	$id = $wpdb->get_var( $wpdb->prepare( "SELECT post_id FROM {$wpdb->postmeta} WHERE meta_key = '_wp_attached_file' AND meta_value = %s", "urumi/{$picture}.webp" ) );
	return null === $id ? null : (int) $id;
}

function makePicture( string $picture, string $text ): int {
	$id = wp_insert_attachment(
		array(
			'post_title'     => '' === $text ? $picture : $text,
			'post_name'      => "picture-{$picture}",
			'post_mime_type' => 'image/webp',
			'post_status'    => 'inherit',
			'meta_input'     => array( '_wp_attachment_image_alt' => $text ),
		),
		"urumi/{$picture}.webp"
	);
	$small = array(
		'file'      => "{$picture}-400.webp",
		'width'     => 400,
		'height'    => 400,
		'mime-type' => 'image/webp',
		'filesize'  => filesize( PICTURES . "/{$picture}-400.webp" ),
	);
	wp_update_attachment_metadata(
		$id,
		array(
			'width'    => 800,
			'height'   => 800,
			'file'     => "urumi/{$picture}.webp",
			'filesize' => filesize( PICTURES . "/{$picture}.webp" ),
			'sizes'    => array(
				'medium'                        => $small,
				'thumbnail'                     => $small,
				'woocommerce_thumbnail'         => $small,
				'woocommerce_gallery_thumbnail' => $small,
			),
		)
	);
	return $id;
}
