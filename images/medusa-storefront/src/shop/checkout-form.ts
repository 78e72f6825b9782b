/** The checkout form: its fields, their limits and the sentence for each fault. Pure. */
import type { Address } from '../medusa/carts.ts';
import type { Country } from '../medusa/regions.ts';

export const fieldNames = [
  'email',
  'first_name',
  'last_name',
  'address_1',
  'address_2',
  'postal_code',
  'city',
  'province',
  'country_code',
  'phone',
  'shipping_option',
] as const;

export type FieldName = (typeof fieldNames)[number];
export type FieldValues = Readonly<Record<FieldName, string>>;
export type FieldErrors = Partial<Readonly<Record<FieldName, string>>>;

export interface CheckoutDetails {
  readonly email: string;
  readonly address: Address;
  readonly shippingOptionId: string;
}

export type CheckoutParse =
  | { readonly kind: 'complete'; readonly details: CheckoutDetails }
  | { readonly kind: 'faulty'; readonly errors: FieldErrors };

export const lengthMax: Readonly<Record<FieldName, number>> = {
  email: 254,
  first_name: 80,
  last_name: 80,
  address_1: 120,
  address_2: 120,
  postal_code: 16,
  city: 80,
  province: 80,
  country_code: 2,
  phone: 32,
  shipping_option: 64,
};

const labels: Readonly<Record<FieldName, string>> = {
  email: 'The email address',
  first_name: 'The first name',
  last_name: 'The last name',
  address_1: 'The street and number',
  address_2: 'The second address line',
  postal_code: 'The postal code',
  city: 'The town or city',
  province: 'The state or region',
  country_code: 'The country',
  phone: 'The phone number',
  shipping_option: 'The delivery',
};

const missing: Partial<Readonly<Record<FieldName, string>>> = {
  email: 'Enter your email address',
  first_name: 'Enter your first name',
  last_name: 'Enter your last name',
  address_1: 'Enter your street and number',
  postal_code: 'Enter your postal code',
  city: 'Enter your town or city',
  country_code: 'Choose your country',
  shipping_option: 'Choose a delivery',
};

/** The same rule as Medusa's own (zod 4), so that what passes here is not refused there. */
const emailPattern = /^(?!\.)(?!.*\.\.)[A-Za-z0-9_'+\-.]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/;
const phonePattern = /^\+?[0-9 ()./-]{5,}$/;

/** What the shopper typed, as text: trimmed, composed, without control characters. Safe to show again. */
export function readFields(form: URLSearchParams): FieldValues {
  const value = (name: FieldName): string =>
    (form.get(name) ?? '')
      .normalize('NFC')
      .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
      .trim();
  return {
    email: value('email'),
    first_name: value('first_name'),
    last_name: value('last_name'),
    address_1: value('address_1'),
    address_2: value('address_2'),
    postal_code: value('postal_code'),
    city: value('city'),
    province: value('province'),
    country_code: value('country_code').toLowerCase(),
    phone: value('phone'),
    shipping_option: value('shipping_option'),
  };
}

export function parseCheckout(values: FieldValues, countries: readonly Country[]): CheckoutParse {
  const errors: { [K in FieldName]?: string } = {};
  for (const name of fieldNames) {
    const value = values[name];
    const length = Array.from(value).length;
    const sentence = missing[name];
    if (value === '' && sentence !== undefined) errors[name] = sentence;
    else if (length > lengthMax[name]) {
      errors[name] = `${labels[name]} has at most ${lengthMax[name]} characters. This one has ${length}`;
    }
  }
  if (errors.email === undefined && !emailPattern.test(values.email)) {
    errors.email = 'Enter an email address like name@example.com';
  }
  if (errors.phone === undefined && values.phone !== '' && !phonePattern.test(values.phone)) {
    errors.phone = 'Enter a phone number like +49 170 1234567, or leave it empty';
  }
  if (errors.country_code === undefined && !countries.some(({ code }) => code === values.country_code)) {
    errors.country_code = 'Choose a country from the list';
  }
  if (Object.keys(errors).length > 0) return { kind: 'faulty', errors };

  const { email, shipping_option: shippingOptionId, ...address } = values;
  return { kind: 'complete', details: { email, address, shippingOptionId } };
}
