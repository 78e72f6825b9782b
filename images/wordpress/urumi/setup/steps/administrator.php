<?php
declare(strict_types=1);

namespace Urumi\Setup;

use Urumi\Environment;

/**
 * One administrator, who logs in by e-mail. One that exists keeps what the merchant made of it.
 *
 * @return int the user's number
 */
function ensureAdministrator( Environment $environment ): int {
	$login = \Urumi\adminLogin( $environment );
	$found = get_user_by( 'login', $login ) ?: ( get_users( array( 'role' => 'administrator', 'number' => 1 ) )[0] ?? null );
	if ( null !== $found && '' !== $found->user_nicename && $found->user_nicename !== $login ) {
		return $found->ID;
	}
	// The name in public addresses and bylines must not tell the one to log in with.
	$user = array(
		'user_login'    => $login,
		'user_nicename' => 'shop',
		'display_name'  => 'Shop',
		'nickname'      => 'Shop',
		'user_email'    => $environment->secret( 'admin/email' ),
		'user_url'      => '',
		'role'          => 'administrator',
	);
	if ( null !== $found ) {
		return wp_update_user( array( 'ID' => $found->ID ) + $user );
	}
	$made = wp_insert_user( array( 'user_pass' => $environment->secret( 'admin/password' ) ) + $user );
	if ( is_wp_error( $made ) ) {
		throw new \RuntimeException( "no administrator was made: {$made->get_error_message()}" );
	}
	return $made;
}
