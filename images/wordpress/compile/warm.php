<?php
/**
 * Calls once what visitors and the owner call first, so that PHP compiles it: pages, an order, log-in, the admin's main
 * pages. Part of the image's build.
 */

declare(strict_types=1);

$jar    = tempnam( '/tmp', 'cookies' );
$hasShop = 'woocommerce' === getenv( 'PLUGIN' );

/** @return string the body; ends the build for anything but a success */
function call( string $path, ?string $body = null, array $headers = array() ): string {
	global $jar;
	$request = curl_init( "http://127.0.0.1:8080{$path}" );
	curl_setopt_array(
		$request,
		array(
			CURLOPT_HTTPHEADER     => array( 'Host: build.invalid', ...$headers ),
			CURLOPT_RETURNTRANSFER => true,
			CURLOPT_COOKIEFILE     => $jar,
			CURLOPT_COOKIEJAR      => $jar,
			CURLOPT_TIMEOUT        => 120,
			CURLOPT_HEADER         => str_contains( $path, '/store/v1/cart' ),
		) + ( null === $body ? array() : array( CURLOPT_POSTFIELDS => $body ) )
	);
	$answer = (string) curl_exec( $request );
	$status = curl_getinfo( $request, CURLINFO_RESPONSE_CODE );
	if ( $status < 200 || $status >= 400 ) {
		fwrite( STDERR, "{$path} answered {$status}: " . substr( strip_tags( $answer ), 0, 500 ) . "\n" );
		exit( 1 );
	}
	return $answer;
}

// The shop's Apache is just starting.
for ( $tries = 0; $tries < 100 && false === @fsockopen( '127.0.0.1', 8080 ); $tries++ ) {
	usleep( 100_000 );
}
call( '/readyz?page' );
$pages = array( '/', '/?s=coffee', '/wp-login.php', '/wp-json/', '/wp-cron.php?doing_wp_cron' );
if ( $hasShop ) {
	array_push( $pages, '/shop/', '/product-category/coffee/', '/cart/', '/my-account/' );
}
array_map( call( ... ), $pages );

if ( $hasShop ) {
	$api     = '/wp-json/wc/store/v1';
	$product = json_decode( call( "{$api}/products" ), true )[0];
	call( (string) parse_url( $product['permalink'], PHP_URL_PATH ) );
	preg_match( '/^cart-token: (\S+)/mi', call( "{$api}/cart" ), $found );
	$headers = array( "Cart-Token: {$found[1]}", 'Content-Type: application/json' );
	$address = array(
		'first_name' => 'Build',
		'last_name'  => 'Build',
		'address_1'  => 'Quay 1',
		'city'       => 'Hamburg',
		'postcode'   => '20457',
		'country'    => 'DE',
		'email'      => 'build@build.invalid',
	);
	call( "{$api}/cart/add-item", (string) json_encode( array( 'id' => $product['id'], 'quantity' => 1 ) ), $headers );
	$order = json_decode( call( "{$api}/checkout", (string) json_encode( array( 'payment_method' => 'cod', 'billing_address' => $address, 'shipping_address' => $address ) ), $headers ), true );
	call( str_replace( 'http://build.invalid', '', $order['payment_result']['redirect_url'] ) );
	// The checkout of a visitor with something in the cart.
	call( "/?add-to-cart={$product['id']}" );
	call( '/cart/' );
	call( '/checkout/' );
}

call( '/wp-login.php', http_build_query( array( 'log' => 'build@build.invalid', 'pwd' => 'build', 'testcookie' => '1' ) ), array( 'Cookie: wordpress_test_cookie=WP%20Cookie%20check' ) );
array_map( call( ... ), array( '/wp-admin/', '/wp-admin/upload.php', '/wp-admin/edit.php?post_type=page' ) );
if ( $hasShop ) {
	array_map( call( ... ), array( '/wp-admin/edit.php?post_type=product', '/wp-admin/admin.php?page=wc-orders' ) );
}
