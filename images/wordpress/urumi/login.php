<?php
/** The administrator's log-in: name and password as WordPress keeps them, without WordPress. */

declare(strict_types=1);

namespace Urumi;

/** The shop's own, always the same for the same secrets; people log in by e-mail and need not know it. */
function adminLogin( Environment $environment ): string {
	return 'owner-' . substr( hash_hmac( 'sha256', 'admin-login', $environment->secret( 'app/salt' ) ), 0, 12 );
}

/**
 * bcrypt's work factor. Against guessing, what counts is the password, which is long and random; a higher factor would
 * take a quarter of a second of the shop's start. WordPress hashes anew, with its own factor, at the first log-in.
 */
const WORK_FACTOR = 10;

/** The form of wp_hash_password since WordPress 6.8. */
function hashPassword( string $password ): string {
	$digest = base64_encode( hash_hmac( 'sha384', trim( $password ), 'wp-sha384', true ) );
	return '$wp' . password_hash( $digest, PASSWORD_BCRYPT, array( 'cost' => WORK_FACTOR ) );
}
