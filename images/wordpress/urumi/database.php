<?php
/** The few things asked of the database without WordPress: whether it answers, the setup lock, options, marks. */

declare(strict_types=1);

namespace Urumi;

require_once __DIR__ . '/environment.php';

final class Database {

	/** MariaDB's numbers for a refused password, user or database: waiting does not help. */
	private const REFUSED = array( 1044, 1045, 1698 );

	/** "No such table": nothing was ever set up here. */
	private const NO_TABLE = 1146;

	private function __construct( private readonly \mysqli $link ) {
	}

	/**
	 * @throws Fault PasswordRefused
	 * @throws \mysqli_sql_exception when it does not answer
	 */
	public static function connect( Environment $environment ): self {
		$link = mysqli_init();
		$link->options( MYSQLI_OPT_CONNECT_TIMEOUT, 3 );
		try {
			$link->real_connect(
				$environment->databaseHost,
				$environment->databaseUser,
				$environment->secret( 'database/password' ),
				$environment->databaseName,
				$environment->databasePort
			);
		} catch ( \mysqli_sql_exception $error ) {
			if ( in_array( $error->getCode(), self::REFUSED, true ) ) {
				throw new Fault(
					'PasswordRefused',
					'the database refuses the password of the secret database/password: set the database user\'s password back to the one in the secret'
				);
			}
			throw $error;
		}
		$link->set_charset( 'utf8mb4' );
		return new self( $link );
	}

	/** Another setup, or another web container, waits here until we are done or dead. */
	public function lock( int $seconds ): void {
		if ( '1' !== (string) $this->value( 'SELECT GET_LOCK(?, ?)', 'urumi_setup', $seconds ) ) {
			throw new \RuntimeException( "another setup of this shop has been running for {$seconds} s" );
		}
	}

	/** All or nothing: a death in between leaves what was. */
	public function transaction( callable $work ): void {
		$this->link->begin_transaction();
		$work();
		$this->link->commit();
	}

	/** An option of WordPress; null where it, or WordPress itself, is missing. */
	public function option( string $name ): ?string {
		try {
			return $this->value( 'SELECT option_value FROM wp_options WHERE option_name = ?', $name );
		} catch ( \mysqli_sql_exception $error ) {
			if ( self::NO_TABLE === $error->getCode() ) {
				return null;
			}
			throw $error;
		}
	}

	public function setOption( string $name, string $value, bool $isLoadedAlways = true ): void {
		$this->run(
			'INSERT INTO wp_options (option_name, option_value, autoload) VALUES (?, ?, ?)
			 ON DUPLICATE KEY UPDATE option_value = VALUES(option_value)',
			$name,
			$value,
			$isLoadedAlways ? 'on' : 'off'
		);
	}

	/** The first column of the first row, as text; null for none. */
	public function value( string $sql, string|int ...$values ): ?string {
		$result = $this->link->execute_query( $sql, $values );
		$row    = $result instanceof \mysqli_result ? $result->fetch_row() : null;
		return isset( $row[0] ) ? (string) $row[0] : null;
	}

	/** @return int how many rows it changed */
	public function run( string $sql, string|int ...$values ): int {
		$this->link->execute_query( $sql, $values );
		return (int) $this->link->affected_rows;
	}

	/** The number the last INSERT made. */
	public function lastId(): int {
		return (int) $this->link->insert_id;
	}

	public function hasTable( string $name ): bool {
		return null !== $this->value( 'SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?', $name );
	}
}
