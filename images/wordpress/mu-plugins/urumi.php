<?php
/**
 * Plugin Name: Urumi
 * Description: What keeps this shop closed to guessing and known to its operator. Part of the image.
 */

declare(strict_types=1);

foreach ( array( 'identity', 'closed-doors', 'login-limit', 'own-fonts' ) as $name ) {
	require __DIR__ . "/urumi/{$name}.php";
}
