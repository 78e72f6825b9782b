<?php
/**
 * What setup notes in WordPress's options:
 * urumi_core      tables, options and roles of WordPress are there
 * urumi_content   pages, products and settings were filled in once; from then on they are the merchant's
 * urumi_instance  names this very database; the uploads volume remembers it
 * urumi_setup     the id of the store whose setup ran to its end; visitors are let in
 */

declare(strict_types=1);

namespace Urumi;

const MARK_CORE     = 'urumi_core';
const MARK_CONTENT  = 'urumi_content';
const MARK_INSTANCE = 'urumi_instance';
const MARK_SETUP    = 'urumi_setup';

function newInstanceId(): string {
	return bin2hex( random_bytes( 16 ) );
}
