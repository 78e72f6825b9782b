<?php
/** The faults a container knows by name. Their line in the log is what Urumi shows the shop's owner. */

declare(strict_types=1);

namespace Urumi;

/** Ends the program in one line of a known form: 42 for input that no second try repairs, else 1. */
final class Fault extends \RuntimeException {

	public function __construct( public readonly string $cause, string $sentence ) {
		parent::__construct( $sentence );
	}

	public static function badInput( string $sentence ): self {
		return new self( 'InputBad', $sentence );
	}

	public function exitCode(): int {
		return 'InputBad' === $this->cause ? 42 : 1;
	}

	public function report(): void {
		fwrite( STDERR, "urumi: cause={$this->cause}: {$this->getMessage()}\n" );
	}
}
