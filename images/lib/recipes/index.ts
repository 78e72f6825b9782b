/** Every image that can be built, by its name. */
import { mariadbImage } from './mariadb.ts';
import { medusaServer, medusaStorefront } from './medusa.ts';
import { postgresForMedusa } from './postgres.ts';
import { redis } from './redis.ts';
import type { CheckedPlugin, Recipe } from './types.ts';
import { urumi } from './urumi.ts';
import { webImage, webLayers } from './web.ts';
import { wordpressVersion } from './wordpress.ts';

const recipes = {
  urumi: () => urumi,
  redis: () => redis,
  'medusa-server': () => medusaServer,
  'medusa-storefront': () => medusaStorefront,
  'postgres-medusa': postgresForMedusa,
  wordpress: () => webImage(`localhost/urumi/wordpress:${wordpressVersion}`, undefined),
  'mariadb-wordpress': () => mariadbImage('wordpress', { version: wordpressVersion, web: webLayers(undefined) }),
} satisfies Record<string, () => Recipe>;

/** What only a plugin archive makes possible. */
const pluginRecipes = {
  woocommerce: (plugin: CheckedPlugin) => webImage(`localhost/urumi/woocommerce:${plugin.version}`, plugin),
  'mariadb-woocommerce': (plugin: CheckedPlugin) =>
    mariadbImage('woocommerce', { version: plugin.version, web: webLayers(plugin) }),
} satisfies Record<string, (plugin: CheckedPlugin) => Recipe>;

type PlainImageName = keyof typeof recipes;
type PluginImageName = keyof typeof pluginRecipes;
export type ImageName = PlainImageName | PluginImageName;

const isPlain = (text: string): text is PlainImageName => Object.hasOwn(recipes, text);
const needsPlugin = (text: string): text is PluginImageName => Object.hasOwn(pluginRecipes, text);

export function isImageName(text: string): text is ImageName {
  return isPlain(text) || needsPlugin(text);
}

/** The images that can be built, with a plugin archive or without. */
export function imageNames(hasPlugin: boolean): ImageName[] {
  return [...Object.keys(recipes), ...(hasPlugin ? Object.keys(pluginRecipes) : [])].filter(isImageName);
}

/** @throws Error for an image that needs a plugin archive when there is none */
export function recipeOf(name: ImageName, plugin: CheckedPlugin | undefined): Recipe {
  if (isPlain(name)) return recipes[name]();
  if (plugin === undefined) throw new Error(`the image ${name} needs a plugin archive: set URUMI_WOOCOMMERCE_PLUGIN`);
  return pluginRecipes[name](plugin);
}
