/**
 * Small readers that turn unknown JSON into typed values. A shape that is not as documented means a backend of another
 * version or one that is half started, so it counts as away instead of reaching a page as `undefined`.
 */
import { BackendError } from './client.ts';

export type Json = Readonly<Record<string, unknown>>;

export function readObject(value: unknown, what: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unexpected(what);
  return { ...value };
}

export function readText(from: Json, key: string): string {
  const value = from[key];
  if (typeof value !== 'string') throw unexpected(key);
  return value;
}

export function readTextOrNull(from: Json, key: string): string | null {
  const value = from[key];
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

export function readNumber(from: Json, key: string): number {
  const value = readNumberOrNull(from, key);
  if (value === null) throw unexpected(key);
  return value;
}

export function readNumberOrNull(from: Json, key: string): number | null {
  const value = from[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** An absent list is an empty one: Medusa leaves out relations that hold nothing. */
export function readList<T>(from: Json, key: string, parse: (item: Json) => T): T[] {
  const value = from[key];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw unexpected(key);
  return value.map((item) => parse(readObject(item, key)));
}

function unexpected(what: string): BackendError {
  return new BackendError(
    'away',
    `unexpected-${what.replaceAll(' ', '-')}`,
    `The backend's answer has no usable "${what}"`,
  );
}
