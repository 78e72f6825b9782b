/** Words that the dashboard does not use: they fill, blame or frighten. */
const banned = /\b(please|sorry|oops|invalid|forbidden|something went wrong)\b/gi;

export function findBannedWords(text: string): string[] {
  return text.match(banned) ?? [];
}
