// What `medusa exec seed.ts` does in the usual project: loads the application in a process of its own and fills it. The
// content and the calls are those of Urumi's own set-up, so that both shops sell the same.
import { readFileSync } from 'node:fs';

const urumi = (file) => import(`/srv/medusa/urumi/${file}.js`);
const { parseCatalogue } = await urumi('catalogue');
const { waitForDatabase } = await urumi('database');
const { readSetupEnvironment } = await urumi('environment');
const { load } = await urumi('medusa');
const { parseSettings } = await urumi('settings');
const { ensureProducts } = await urumi('steps/products');
const { ensurePublishableKey, linkPublishableKey } = await urumi('steps/publishable-key');
const { ensureRegion } = await urumi('steps/region');
const { ensureShipping } = await urumi('steps/shipping');
const { ensureStore } = await urumi('steps/store');

const { database: address, shop, storeUrl, publishableKey } = readSetupEnvironment(process.env);
const settings = parseSettings(readFileSync('/seed/settings.json', 'utf8'));
const catalogue = parseCatalogue(readFileSync('/seed/products.json', 'utf8'));
const database = await waitForDatabase(address, 60_000);
await ensurePublishableKey(database, publishableKey);
const container = await load();
const store = await ensureStore(container, shop);
const region = await ensureRegion(container, { shop, settings });
const shipping = await ensureShipping(container, { shop, settings, store, region });
const pictureUrl = (handle) => `${storeUrl}/media/${handle}.svg`;
await ensureProducts(container, { shop, catalogue, store, shipping, pictureUrl });
await linkPublishableKey(container, publishableKey);
process.exit(0);
