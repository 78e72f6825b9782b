<?php
/** Says on every page which store this is: probes see that the right shop answers under its name. */

declare(strict_types=1);

add_action(
	'wp_head',
	static function (): void {
		printf( "<meta name=\"urumi-store\" content=\"%s\">\n", esc_attr( (string) getenv( 'STORE_ID' ) ) );
	},
	1
);
