<?php
/**
 * Readiness probe. It waits for the shop instead of saying "not yet", so Kubernetes knows at once: up to 25 seconds,
 * below the probe's time limit. `?page` also fetches the front page (start-up probe), `?now` does not wait (once it has
 * started: a database that is away must not hold the processes). WordPress is not loaded.
 */

declare(strict_types=1);

namespace Urumi;

require __DIR__ . '/../readiness.php';

header( 'Content-Type: text/plain; charset=utf-8' );
header( 'Cache-Control: no-store' );
$withPage = isset( $_GET['page'] );
$deadline = microtime( true ) + ( isset( $_GET['now'] ) ? 0 : 25 );
set_time_limit( 60 );
try {
	$environment = Environment::read();
	while ( true ) {
		$missing = whatIsMissing( $environment, $withPage );
		// A page that failed was work for this shop: not ten times a second.
		$pause = $withPage ? 250_000 : 100_000;
		if ( null === $missing || microtime( true ) > $deadline || connection_aborted() ) {
			break;
		}
		usleep( $pause );
	}
} catch ( Fault $fault ) {
	$missing = $fault->getMessage();
}
http_response_code( null === $missing ? 200 : 503 );
echo $missing ?? 'ready', "\n";
