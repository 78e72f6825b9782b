<?php
/**
 * Ten wrong passwords from one address, and for a quarter of an hour it may not try again. Counted in the database, so
 * all processes and replicas count together.
 */

declare(strict_types=1);

namespace Urumi\LoginLimit;

const TRIES   = 10;
const SECONDS = 15 * MINUTE_IN_SECONDS;

function counter(): string {
	return 'urumi_login_' . md5( $_SERVER['REMOTE_ADDR'] ?? '' );
}

add_filter(
	'authenticate',
	static fn ( $user, $login ) => '' !== (string) $login && (int) get_transient( counter() ) >= TRIES
		? new \WP_Error( 'too_many_tries', 'Too many wrong passwords. Please wait fifteen minutes and try again.' )
		: $user,
	// After WordPress has looked at the password: nothing before may undo the refusal.
	100,
	2
);
add_action(
	'wp_login_failed',
	static function (): void {
		set_transient( counter(), (int) get_transient( counter() ) + 1, SECONDS );
	}
);
add_action(
	'wp_login',
	static function (): void {
		delete_transient( counter() );
	}
);
