/** The two web images of one recipe: WordPress alone, and with the plugin (and theme) an operator gave. */
import { mariadbLayers } from './mariadb.ts';
import type { ArchiveLayer, CheckedPlugin, Layer, Recipe } from './types.ts';
import { compiledCode, wordpressLayers, wordpressRun } from './wordpress.ts';

/** Everything of a web image but its compiled code, which is made by running these. */
export function webLayers(plugin: CheckedPlugin | undefined): Layer[] {
  if (plugin === undefined) return wordpressLayers;
  const { version, sha256, theme } = plugin;
  const themes = theme === undefined ? [] : [archive(`theme-${theme.slug}-${theme.version}`, theme.sha256, 'themes')];
  return [...wordpressLayers, archive(`woocommerce-${version}`, sha256, 'plugins'), ...themes];
}

export function webImage(ref: string, plugin: CheckedPlugin | undefined): Recipe {
  const layers = webLayers(plugin);
  const compiled = compiledCode(plugin === undefined ? 'none' : 'woocommerce', { layers, database: mariadbLayers });
  return { ref, folder: 'wordpress', layers: [...layers, compiled], run: wordpressRun };
}

function archive(name: string, sha256: string, into: 'plugins' | 'themes'): ArchiveLayer {
  return { kind: 'archive', name, sha256, into: `srv/wordpress/wp-content/${into}` };
}
