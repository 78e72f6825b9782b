<?php
/** How WooCommerce shows prices of a currency. */

declare(strict_types=1);

namespace Urumi;

/** Currencies whose smallest coin is a whole one. */
const WITHOUT_CENTS = array( 'BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF' );

/** @return array<string, string> */
function currencyOptions( string $currency ): array {
	return array(
		'woocommerce_currency'           => $currency,
		'woocommerce_price_num_decimals' => in_array( $currency, WITHOUT_CENTS, true ) ? '0' : '2',
	);
}
