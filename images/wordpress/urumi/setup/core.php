<?php
/** Installs WordPress itself: tables, options, roles and the administrator. No sample content, no mail. */

declare(strict_types=1);

require_once __DIR__ . '/../login.php';
require_once __DIR__ . '/../database.php';

$environment = Urumi\Environment::read();

define( 'WP_INSTALLING', true );
// A setup that was killed between two tables left what WordPress takes for a broken site, and stops at.
$database = Urumi\Database::connect( $environment );
if ( $database->hasTable( 'wp_users' ) && null === $database->option( 'siteurl' ) ) {
	define( 'WP_REPAIRING', true );
}
// WordPress ends with 0 where it gives up.
$isDone = false;
register_shutdown_function(
	static function () use ( &$isDone ): void {
		$isDone || exit( 1 );
	}
);
// WordPress looks for a host even where nobody asked for a page.
$_SERVER['HTTP_HOST'] = 'localhost';

/** Instead of WordPress's own, which makes a sample post, page and comment: the one category posts need. */
function wp_install_defaults( int $userId ): void {
	if ( ! term_exists( 'uncategorized', 'category' ) ) {
		wp_insert_term( 'Uncategorized', 'category', array( 'slug' => 'uncategorized' ) );
	}
	$category = get_term_by( 'slug', 'uncategorized', 'category' );
	update_option( 'default_category', $category->term_id );
	update_user_meta( $userId, 'show_welcome_panel', 0 );
}

/** Nobody is told: the owner waits at the dashboard. */
function wp_new_blog_notification(): void {
}

require '/srv/wordpress/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

// Otherwise WordPress tries addresses by calling itself, and there is nobody yet.
add_filter( 'pre_option_permalink_structure', static fn (): string => '/%postname%/' );
wp_install(
	$environment->shopName,
	Urumi\adminLogin( $environment ),
	$environment->secret( 'admin/email' ),
	true,
	'',
	$environment->secret( 'admin/password' ),
	'en_US' === $environment->locale ? '' : $environment->locale
);
$isDone = true;
