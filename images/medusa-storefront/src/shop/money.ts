/** Amounts as shoppers read them. Medusa counts in whole units of the currency: 12.5 is twelve euros fifty. */
export type FormatMoney = (amount: number, currency: string) => string;

export function createFormatMoney(locale: string): FormatMoney {
  const formats = new Map<string, Intl.NumberFormat>();
  return (amount, currency) => {
    const code = currency.toUpperCase();
    let format = formats.get(code);
    if (format === undefined) {
      format = new Intl.NumberFormat(locale, { style: 'currency', currency: code });
      formats.set(code, format);
    }
    return format.format(amount);
  };
}

/** Two amounts are the same if no shopper could tell them apart. */
export function isSameAmount(a: number, b: number): boolean {
  return Math.abs(a - b) < 0.005;
}
