/**
 * HTML as values. Everything put into a template is escaped unless it is HTML from another template, so text of a shop
 * or a shopper can never become markup. Attribute values are always written in double quotes.
 */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** `false`, `null` and `undefined` print nothing, lists print their items. */
export type Part = Html | string | number | false | null | undefined | readonly Part[];

export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let text = strings[0] ?? '';
  for (const [index, part] of parts.entries()) text += print(part) + (strings[index + 1] ?? '');
  return new Html(text);
}

export const nothing: Html = html``;

/** Attributes as `name="value"`; `true` prints the bare name, `false` and `null` leave it out. */
export function attributes(values: Readonly<Record<string, string | number | boolean | null>>): Html {
  const text = Object.entries(values)
    .filter(([, value]) => value !== false && value !== null)
    .map(([name, value]) => (value === true ? name : `${name}="${escapeHtml(String(value))}"`))
    .join(' ');
  return new Html(text);
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function print(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Html) return part.toString();
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  return part.map(print).join('');
}
