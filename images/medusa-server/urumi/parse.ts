/**
 * Small readers for untrusted JSON: each takes a value and the place it was found, and returns it typed
 * or throws BadInput naming that place. Enough for two small files; a schema library would outweigh them.
 */
import { BadInput } from './cause.ts';

export type Json = Record<string, unknown>;

/** Parses a file's text as one JSON object. */
export function parseObject(text: string, file: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BadInput(`${file} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return toObject(value, file);
}

export function toObject(value: unknown, place: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadInput(`${place} must be an object`);
  }
  return value as Json;
}

export function toList(value: unknown, place: string): unknown[] {
  if (!Array.isArray(value)) throw new BadInput(`${place} must be a list`);
  return value;
}

/** A text that is not blank, without its outer spaces. */
export function toText(value: unknown, place: string): string {
  if (typeof value !== 'string' || value.trim() === '') throw new BadInput(`${place} must be a text that is not empty`);
  return value.trim();
}

export function toOptionalText(value: unknown, place: string): string | undefined {
  return value === undefined ? undefined : toText(value, place);
}

/** A lower-case handle as used in addresses: letters, digits, single dashes. */
export function toHandle(value: unknown, place: string): string {
  const text = toText(value, place);
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(text)) {
    throw new BadInput(`${place} must be lower-case letters, digits and dashes, not ${JSON.stringify(text)}`);
  }
  return text;
}

/** A price in whole units of the currency (12.5 is twelve and a half), zero allowed. */
export function toPrice(value: unknown, place: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw new BadInput(`${place} must be a number, 0 or more`);
  }
  return value;
}

/** A whole number, zero or more. */
export function toCount(value: unknown, place: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
    throw new BadInput(`${place} must be a whole number, 0 or more`);
  }
  return value;
}

/** A two-letter country code, lower case as Medusa keeps it. */
export function toCountry(value: unknown, place: string): string {
  const text = toText(value, place).toLowerCase();
  if (!/^[a-z]{2}$/.test(text)) throw new BadInput(`${place} must be a two-letter country code`);
  return text;
}
