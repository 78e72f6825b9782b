<?php
/**
 * Once a minute: calls wp-cron when WordPress has planned something by now, over the shop's own Apache, where its code
 * is compiled already. Also says when the database has begun to refuse its password.
 */

declare(strict_types=1);

namespace Urumi;

require __DIR__ . '/readiness.php';

try {
	$environment = Environment::read();
	$planned     = unserialize( Database::connect( $environment )->option( 'cron' ) ?? '', array( 'allowed_classes' => false ) );
	$times       = is_array( $planned ) ? array_filter( array_keys( $planned ), 'is_int' ) : array();
	if ( array() !== $times && min( $times ) <= time() ) {
		fetchOwn( $environment, '/wp-cron.php?doing_wp_cron', 55 );
	}
} catch ( Fault $fault ) {
	$fault->report();
} catch ( \mysqli_sql_exception ) {
	// The database is away: the readiness probe says so, and the next minute comes.
	exit( 1 );
}
