/** Who buys in the scenarios. */
export const customer = {
  first_name: 'Ada',
  last_name: 'Byron',
  address_1: '12 Harbour Street',
  city: 'Hamburg',
  phone: '+49 40 123456',
} as const;
