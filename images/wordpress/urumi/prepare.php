<?php
/**
 * Beside a starting Apache: waits for the database, makes a shop that came from a template this store's own, and sees
 * that uploads and database belong together. Ends with 0 once visitors may come.
 */

declare(strict_types=1);

namespace Urumi;

require __DIR__ . '/renew.php';

/** The uploads volume remembers the database it belongs to. */
const INSTANCE_FILE = '/srv/wordpress/wp-content/uploads/.urumi-instance';

function prepare( Environment $environment, string $password ): bool {
	$database = Database::connect( $environment );
	$known    = is_file( INSTANCE_FILE ) ? trim( (string) file_get_contents( INSTANCE_FILE ) ) : '';
	if ( '' !== $known && $database->option( MARK_INSTANCE ) !== $known ) {
		throw new Fault(
			'DataLost',
			'the database is not the one this shop\'s uploads belong to: its volume was replaced or emptied; restore it from a backup, or delete the shop'
		);
	}
	if ( $database->option( MARK_SETUP ) !== $environment->storeId ) {
		$isTemplate = $environment->isFromTemplate && null !== $database->option( MARK_CONTENT ) && null === $database->option( MARK_SETUP );
		if ( ! $isTemplate ) {
			return false;
		}
		renew( $database, $environment, $password );
	}
	moveTo( $database, $environment );
	if ( '' === $known ) {
		remember( (string) $database->option( MARK_INSTANCE ) );
	}
	return true;
}

/** Whole or not at all, so that a death cannot leave half an id. */
function remember( string $instance ): void {
	$new = INSTANCE_FILE . '.' . getmypid();
	if ( false === @file_put_contents( $new, $instance ) || ! rename( $new, INSTANCE_FILE ) ) {
		throw new Fault( 'VolumeFull', 'the volume for uploads cannot be written: give the shop a larger size or delete pictures' );
	}
}

/** Microseconds. Often at first, when the database is about to open; a set-up from scratch is not worth the asking. */
const FIRST_PAUSE   = 20_000;
const SLOWEST_PAUSE = 200_000;

$reportedAt = 0;
$pause      = FIRST_PAUSE;
try {
	$environment = Environment::read();
	// Slow on purpose, so done while the database starts.
	$password = $environment->isFromTemplate ? hashPassword( $environment->secret( 'admin/password' ) ) : '';
	while ( true ) {
		try {
			if ( prepare( $environment, $password ) ) {
				exit( 0 );
			}
		} catch ( \mysqli_sql_exception ) {
			// Not there yet; the readiness probe says what it waits for.
		} catch ( Fault $fault ) {
			if ( 'PasswordRefused' !== $fault->cause ) {
				throw $fault;
			}
			// It can be put right without us, so we stay and say it once a minute.
			if ( time() - $reportedAt >= 60 ) {
				$fault->report();
				$reportedAt = time();
			}
			sleep( 2 );
		}
		usleep( $pause );
		$pause = min( SLOWEST_PAUSE, $pause + 5_000 );
	}
} catch ( Fault $fault ) {
	$fault->report();
	exit( $fault->exitCode() );
}
