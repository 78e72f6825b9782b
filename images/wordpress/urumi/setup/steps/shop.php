<?php
declare(strict_types=1);

namespace Urumi\Setup;

use Urumi\Environment;

/** What WooCommerce asks a new merchant: where the shop is, how it ships, how it is paid. And then it asks no more. */
function ensureShop( Environment $environment, Settings $settings ): void {
	$address = $settings->address;
	$email   = $environment->secret( 'admin/email' );
	$options = array(
		'woocommerce_store_address'                      => $address['street'],
		'woocommerce_store_city'                         => $address['city'],
		'woocommerce_store_postcode'                     => $address['postcode'],
		'woocommerce_default_country'                    => $address['country'],
		'woocommerce_allowed_countries'                  => 'all',
		'woocommerce_ship_to_countries'                  => '',
		'woocommerce_default_customer_address'           => 'base',
		'woocommerce_enable_guest_checkout'              => 'yes',
		'woocommerce_enable_signup_and_login_from_checkout' => 'yes',
		'woocommerce_enable_myaccount_registration'      => 'yes',
		'woocommerce_email_from_name'                    => $environment->shopName,
		'woocommerce_email_from_address'                 => $email,
		'woocommerce_stock_email_recipient'              => $email,
		'woocommerce_default_catalog_orderby'            => 'menu_order',
		// No questions and no advertisements in the admin.
		'woocommerce_onboarding_profile'                 => array( 'skipped' => true, 'completed' => true ),
		'woocommerce_task_list_hidden'                   => 'yes',
		'woocommerce_extended_task_list_hidden'          => 'yes',
		'woocommerce_task_list_hidden_lists'             => array( 'setup', 'extended' ),
		'woocommerce_task_list_welcome_modal_dismissed'  => 'yes',
		'woocommerce_task_list_tracked_completed_tasks'  => array(),
		'woocommerce_admin_notices'                      => array(),
		'woocommerce_show_marketplace_suggestions'       => 'no',
		'woocommerce_merchant_email_notifications'       => 'no',
		'woocommerce_cod_settings'                       => $settings->cashOnDelivery + array(
			'enabled'            => 'yes',
			'instructions'       => $settings->cashOnDelivery['description'],
			'enable_for_methods' => array(),
			'enable_for_virtual' => 'yes',
		),
	);
	foreach ( $options as $name => $value ) {
		update_option( $name, $value );
	}
	delete_transient( '_wc_activation_redirect' );
	if ( ! get_option( 'woocommerce_store_id' ) ) {
		update_option( 'woocommerce_store_id', wp_generate_uuid4() );
	}
	\WC_Install::create_pages();
	ensureShipping( $settings );
}

/** One zone without places, which is everywhere, and in it each way of the settings at a flat price. */
function ensureShipping( Settings $settings ): void {
	$found = array_filter( \WC_Shipping_Zones::get_zones(), static fn ( array $zone ): bool => $zone['zone_name'] === $settings->zone );
	$zone  = new \WC_Shipping_Zone( array() === $found ? null : array_key_first( $found ) );
	$zone->set_zone_name( $settings->zone );
	$zone->save();
	$instances = array_keys( $zone->get_shipping_methods() );
	foreach ( $settings->shipping as $index => $way ) {
		// By its place, not its name: a method that a killed run left without a name is finished, not doubled.
		$instance = $instances[ $index ] ?? $zone->add_shipping_method( 'flat_rate' );
		update_option(
			"woocommerce_flat_rate_{$instance}_settings",
			array(
				'title'      => $way['name'],
				'tax_status' => 'taxable',
				'cost'       => (string) $way['price'],
			)
		);
	}
}
