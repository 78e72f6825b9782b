/**
 * Makes foreign text fit to be shown and kept: one bounded line without control characters, and without what looks like a
 * secret. Better a hidden word too many than a password in a record.
 */
const hidden = '[hidden]';

const patterns: readonly (readonly [RegExp, string])[] = [
  // user:password in a URL
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, `$1${hidden}@`],
  // Authorization headers
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${hidden}`],
  // password=…, "token": "…", JWT_SECRET: …
  [
    /((?:[\w-]*(?:passw(?:or)?d|pwd|secret|token|api[_-]?key|credentials?|cookie|authorization)[\w-]*)["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;}&]+)/gi,
    `$1${hidden}`,
  ],
  // tokens by their own form: JSON web tokens, publishable and secret keys
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, hidden],
  [/\b[ps]k_\w{8,}/g, hidden],
  // what the chart generates (24 characters of both cases), and longer ones of that kind; names in CamelCase are none
  [/\b(?![A-Z]?[a-z]{2,}(?:[A-Z][a-z]{2,})+\b)(?=[A-Za-z0-9]*[a-z])(?=[A-Za-z0-9]*[A-Z])[A-Za-z0-9]{24,}\b/g, hidden],
];

// eslint-disable-next-line no-control-regex -- terminal colours and other control characters are what this removes
const controls = /\u001b\[[0-9;?]*[A-Za-z]|[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/** @param max  longest result, in UTF-16 units; what is longer ends in an ellipsis */
export function redactLine(text: string, max: number): string {
  let line = cutAtWord(text, max * 4)
    .replace(controls, ' ')
    .trim();
  for (const [pattern, replacement] of patterns) line = line.replace(pattern, replacement);
  return line.length <= max ? line : `${line.slice(0, max - 1)}…`;
}

/** Bounds the work on a huge line. Never leaves half a word, for half a secret looks like none. */
function cutAtWord(text: string, max: number): string {
  return text.length <= max ? text : text.slice(0, max).replace(/\S+$/, '');
}
