/**
 * Where the archives of the WooCommerce plugin and theme come from: a file in the state folder, which may appear, change
 * and go while Urumi runs, or the environment where there is no such file.
 */
import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { readPluginSource, type PluginSource } from '@urumi/images/plugin-archive';
import { z } from 'zod';
import { readIfThere } from '../private-file.ts';

const fields = ['plugin', 'pluginSha256', 'theme', 'themeSha256'] as const;
const text = z.string().trim().min(1);
const fileSchema = z.strictObject({
  plugin: text,
  pluginSha256: text.optional(),
  theme: text.optional(),
  themeSha256: text.optional(),
});

export type Settings = {
  /** Differs where the settings differ, or an archive on this machine does. */
  readonly key: string;
} & (
  | { readonly kind: 'none' }
  | { readonly kind: 'given'; readonly source: PluginSource }
  /** `sentence` says what is wrong with the file and what to do. */
  | { readonly kind: 'faulty'; readonly sentence: string }
);

/** Cheap: it is asked every other second. Never throws for what a person may have written. */
export async function readSettings(file: string, env: Readonly<Record<string, string | undefined>>): Promise<Settings> {
  const name = basename(file);
  let written: string | null;
  try {
    written = await readIfThere(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const sentence = `${name} cannot be read (${code}): make it a file that Urumi may read.`;
    return { kind: 'faulty', key: sentence, sentence };
  }
  if (written === null) {
    const source = readPluginSource({ ...env });
    return source === undefined ? { kind: 'none', key: '' } : give(source, '.');
  }
  if (/^\s*(\{\s*\})?\s*$/.test(written)) return { kind: 'none', key: written };
  const parsed = parse(written, name);
  return typeof parsed === 'string' ? { kind: 'faulty', key: written, sentence: parsed } : give(parsed, dirname(file));
}

/** @returns the source, or a sentence about what is wrong */
function parse(written: string, name: string): PluginSource | string {
  let value: unknown;
  try {
    value = JSON.parse(written);
  } catch {
    return `${name} is not JSON: write an object such as {"plugin": "<path or URL>"}.`;
  }
  const found = fileSchema.safeParse(value);
  if (!found.success) return describeFault(found.error.issues, name);
  const { plugin, pluginSha256, theme, themeSha256 } = found.data;
  return {
    plugin,
    ...(pluginSha256 === undefined ? {} : { sha256: pluginSha256 }),
    ...(theme === undefined ? {} : { theme }),
    ...(themeSha256 === undefined ? {} : { themeSha256 }),
  };
}

function describeFault(issues: readonly z.core.$ZodIssue[], name: string): string {
  // A misspelt key explains the one that is missing.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  const known = `it knows ${fields.slice(0, -1).join(', ')} and ${fields.at(-1)}`;
  if (issue?.code === 'unrecognized_keys') {
    return `${name} has the unknown key ${issue.keys.map((key) => `"${key.slice(0, 40)}"`).join(', ')}: ${known}.`;
  }
  const [field] = issue?.path ?? [];
  if (field === undefined) return `${name} holds no object: write one such as {"plugin": "<path or URL>"}.`;
  if (field === 'plugin') return `${name} names no plugin: write its archive as "plugin": "<path or URL>".`;
  return `${name} has no text in "${String(field)}": correct it or leave it out.`;
}

async function give(source: PluginSource, folder: string): Promise<Settings> {
  const toPlace = (from: string): string => (/^https?:\/\//i.test(from) ? from : resolve(folder, from));
  const placed = {
    ...source,
    plugin: toPlace(source.plugin),
    ...(source.theme === undefined ? {} : { theme: toPlace(source.theme) }),
  };
  const traces = await Promise.all([placed.plugin, placed.theme ?? ''].map(trace));
  return { kind: 'given', source: placed, key: JSON.stringify([placed, traces]) };
}

/** What of a file on this machine tells that it was replaced. */
async function trace(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found === null ? '' : `${found.size} ${found.mtimeMs}`;
}
