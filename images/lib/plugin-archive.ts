/**
 * The WooCommerce plugin, and where given a theme: archives no package registry carries, given by the operator as a path
 * or an address. Nothing of them is run before every check has passed; each fault is one sentence that says what to do.
 */
import { join } from 'node:path';
import { checkContent } from './plugin-archive/content.ts';
import { obtain } from './plugin-archive/obtain.ts';
import { cacheFolder } from './cache.ts';
import type { CheckedPlugin } from './recipes/types.ts';

export { PluginArchiveError, type PluginArchiveCode } from './plugin-archive/error.ts';
export type { CheckedPlugin };

/** Each a path of this machine, or an http(s) address, which needs its checksum. */
export type PluginSource = { plugin: string; sha256?: string; theme?: string; themeSha256?: string };

/** The settings, as every command of the product reads them. Undefined where no plugin is given. */
export function readPluginSource(env: NodeJS.ProcessEnv): PluginSource | undefined {
  const read = (name: string): string | undefined => env[name]?.trim() || undefined;
  const plugin = read('URUMI_WOOCOMMERCE_PLUGIN');
  if (plugin === undefined) return undefined;
  return {
    plugin,
    sha256: read('URUMI_WOOCOMMERCE_PLUGIN_SHA256'),
    theme: read('URUMI_WOOCOMMERCE_THEME'),
    themeSha256: read('URUMI_WOOCOMMERCE_THEME_SHA256'),
  };
}

/**
 * Takes the archives into the cache by their checksums and checks them. Safe to repeat; what the cache has under the
 * given checksum is not fetched again.
 *
 * @throws PluginArchiveError; the signal's reason when aborted
 */
export async function checkPluginArchive(
  source: PluginSource,
  { signal, env = process.env }: { signal?: AbortSignal; env?: NodeJS.ProcessEnv } = {},
): Promise<CheckedPlugin> {
  const cache = join(cacheFolder(env), 'images');
  const plugin = await obtain({ what: 'plugin', from: source.plugin, sha256: source.sha256 }, cache, signal);
  const { version } = await checkContent('plugin', plugin.path);
  if (source.theme === undefined) return { version, sha256: plugin.sha256 };
  const theme = await obtain({ what: 'theme', from: source.theme, sha256: source.themeSha256 }, cache, signal);
  const { folder, version: themeVersion } = await checkContent('theme', theme.path);
  return { version, sha256: plugin.sha256, theme: { slug: folder, version: themeVersion, sha256: theme.sha256 } };
}
