<?php
/**
 * Setup of a shop, in one WP-CLI process: input, database, WordPress's tables, administrator, then once the content, at
 * last the mark that lets visitors in. Safe to run again, on a live shop too, twice at once, and after a death anywhere.
 *
 * Called by `wp eval-file` before WordPress is loaded. Exit 42: the input is wrong and no second try helps.
 */

declare(strict_types=1);

namespace Urumi\Setup;

use Urumi\Database;
use Urumi\Environment;
use Urumi\Fault;

require_once __DIR__ . '/../renew.php';
require_once __DIR__ . '/read.php';
require_once __DIR__ . '/settings.php';
require_once __DIR__ . '/catalogue.php';
require_once __DIR__ . '/foundation.php';

const PICTURES            = '/srv/urumi/media';
const DATABASE_WAIT_S     = 300;
const OTHER_SETUP_WAIT_S  = 600;

/** Names a step in the log, with its time. */
function step( string $name, callable $work ): mixed {
	$since  = microtime( true );
	$result = $work();
	printf( "%s: done in %d ms\n", $name, ( microtime( true ) - $since ) * 1000 );
	return $result;
}

/** It starts at the same time as we do. A refused password is said at once and tried again: it can be put right. */
function waitForDatabase( Environment $environment ): Database {
	$deadline = time() + DATABASE_WAIT_S;
	$reported = false;
	while ( true ) {
		try {
			return Database::connect( $environment );
		} catch ( Fault $fault ) {
			if ( 'PasswordRefused' !== $fault->cause || time() > $deadline ) {
				throw $fault;
			}
			if ( ! $reported ) {
				$fault->report();
			}
			$reported = true;
			sleep( 2 );
		} catch ( \mysqli_sql_exception $error ) {
			if ( time() > $deadline ) {
				throw $error;
			}
		}
		usleep( 100_000 );
	}
}

try {
	$environment = Environment::read();
	foreach ( array( 'admin/email', 'admin/password', 'app/salt' ) as $name ) {
		$environment->secret( $name );
	}
	$settings = Settings::parse( readText( $args[0], 'settings.json' ) );
	$products = parseCatalogue( readText( $args[0], 'products.csv' ) );
	requirePlugin( $environment );

	$database = step( 'database', static fn () => waitForDatabase( $environment ) );
	$database->lock( OTHER_SETUP_WAIT_S );
	if ( null === $database->option( \Urumi\MARK_CORE ) ) {
		step( 'tables', installCore( ... ) );
		$database->setOption( \Urumi\MARK_CORE, '1', false );
	}
	prepareLoading( $database, $environment );
	quieten();
	step( 'application', static fn () => \WP_CLI::get_runner()->load_wordpress() );

	// Only now: these use WordPress's functions.
	require_once __DIR__ . '/application.php';
	setUp( $database, $environment, $settings, $products );
} catch ( Fault $fault ) {
	$fault->report();
	exit( $fault->exitCode() );
}
