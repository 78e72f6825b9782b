<?php
/** Whether this shop may get visitors, asked of the database and, where wanted, of its front page. */

declare(strict_types=1);

namespace Urumi;

require_once __DIR__ . '/database.php';
require_once __DIR__ . '/marks.php';

/** @return string|null the sentence that says what is missing; null when ready */
function whatIsMissing( Environment $environment, bool $withPage ): ?string {
	try {
		$database = Database::connect( $environment );
		if ( $database->option( MARK_SETUP ) !== $environment->storeId ) {
			return 'setup has not finished yet';
		}
		return $withPage ? whatThePageLacks( $environment, $database ) : null;
	} catch ( Fault $fault ) {
		return $fault->getMessage();
	} catch ( \mysqli_sql_exception $error ) {
		return "the database does not answer: {$error->getMessage()}";
	}
}

function whatThePageLacks( Environment $environment, Database $database ): ?string {
	$page = fetchOwn( $environment, '/', 20 );
	if ( ! str_contains( $page, "<meta name=\"urumi-store\" content=\"{$environment->storeId}\"" ) ) {
		return 'the front page is not this shop\'s';
	}
	if ( ! $environment->hasPlugin ) {
		return null;
	}
	$published = $database->value( "SELECT 1 FROM wp_posts WHERE post_type = 'product' AND post_status = 'publish' LIMIT 1" );
	return null === $published || str_contains( $page, 'data-product_id="' ) ? null : 'the front page shows no products';
}

/** A page of our own Apache under the shop's name; '' when it does not answer. */
function fetchOwn( Environment $environment, string $path, int $seconds ): string {
	$port    = getenv( 'PORT' ) ?: '8080';
	$request = curl_init( "http://127.0.0.1:{$port}{$path}" );
	$host    = substr( $environment->storeUrl, strpos( $environment->storeUrl, '://' ) + 3 );
	curl_setopt_array(
		$request,
		array(
			CURLOPT_HTTPHEADER     => array( "Host: {$host}" ),
			CURLOPT_RETURNTRANSFER => true,
			CURLOPT_TIMEOUT        => $seconds,
			CURLOPT_ENCODING       => '',
			CURLOPT_FAILONERROR    => true,
		)
	);
	return (string) curl_exec( $request );
}
