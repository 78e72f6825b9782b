/**
 * The WooCommerce engine without its plugin, which can be proven everywhere: chart, images, both set-up routes, hardening,
 * uploads, restarts. It is no shop, so Urumi must not call it ready: its page lists no product.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLeaks, readStoreSecrets } from '../support/canary.ts';
import { readOwner } from '../support/cluster-reads.ts';
import { RawBody, request } from '../support/http.ts';
import { startTestPlatform, type StoreView, type TestPlatform } from '../support/platform.ts';
import { changeSetupRoute } from '../support/store-values.ts';
import { namespaceOf, toShop, untilReason, untilServed } from '../support/stores.ts';
import { listUsers, signIn, uploadPicture, type Session } from '../support/wordpress-admin.ts';
import { offerWordPress } from '../support/wordpress.ts';

const figures: Record<string, number> = {};
let t: TestPlatform;
beforeAll(async () => {
  t = await startTestPlatform();
  await offerWordPress(t);
});
afterAll(async () => {
  process.stdout.write(`  figures: ${JSON.stringify(figures)}\n`);
  await t?.stop();
});

let store: StoreView;
let uploaded: string;
const namespace = (one: StoreView = store): string => namespaceOf(one);
const shop = (one: StoreView = store) => toShop(t, one);
const secondsSince = (began: number): number => Math.round((performance.now() - began) / 100) / 10;

const ownerSession = async (one: StoreView = store): Promise<Session> =>
  signIn(shop(one), await readOwner(t, namespace(one)));

describe('from the template', () => {
  it('serves its own front page in seconds, and no Job was made', async () => {
    const since = performance.now();
    store = await t.createStore('Harbour Pages', 'woocommerce');
    await untilServed(t, store);
    figures['templateFirstPageSeconds'] = secondsSince(since);
    expect(await t.kubectl('get', 'jobs', '-n', namespace(), '-o', 'name')).toBe('');
  });

  it('is not called ready: a page without a product is no shop', async () => {
    const seen = await untilReason(t, store, 'PageFailing');
    expect(seen.status.value).toBe('provisioning');
    expect(seen.explanation?.message).toMatch(/product/);
  });

  it('lets nobody install, speak XML-RPC, read the configuration or come by another name', async () => {
    for (const path of ['/wp-admin/install.php', '/wp-admin/setup-config.php', '/wp-config.php', '/xmlrpc.php'])
      expect((await request({ ...shop(), path })).status, path).toBe(403);
    expect((await request({ port: t.ingressPort, host: 'other.localhost', path: '/' })).status).toBe(404);
    const session = await ownerSession();
    for (const path of ['/wp-admin/plugin-install.php', '/wp-admin/theme-editor.php', '/wp-admin/update-core.php'])
      expect((await session.page(path)).status, path).not.toBe(200);
  });

  it('answers inside the pod to its own host names only', async () => {
    const script = `foreach (['${shop().host}', 'evil.example'] as $host) {
      $page = curl_init('http://127.0.0.1:8080/');
      curl_setopt_array($page, [CURLOPT_HTTPHEADER => ["Host: $host"], CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 20]);
      curl_exec($page); echo curl_getinfo($page, CURLINFO_RESPONSE_CODE), "\n"; }`;
    const codes = await t.kubectl('exec', '-n', namespace(), 'deployment/store-web', '--', 'php', '-r', script);
    const [own, foreign] = codes.trim().split('\n').map(Number);
    expect(own).toBe(200);
    expect(foreign).toBeGreaterThanOrEqual(400);
  });

  it('takes a picture from its owner, and runs nothing that lies among the uploads', async () => {
    uploaded = await uploadPicture(await ownerSession(), 'from-the-test');
    expect((await request({ ...shop(), path: uploaded })).headers['content-type']).toBe('image/png');
    const folder = '/srv/wordpress/wp-content/uploads';
    const write = `echo '<?php echo 6*7;' > ${folder}/evil.php; touch /srv/wordpress/wp-content/plugins/evil.php 2>/dev/null && echo written || echo refused`;
    const plugins = await t.kubectl('exec', '-n', namespace(), 'deployment/store-web', '--', 'sh', '-c', write);
    expect(plugins.trim()).toBe('refused');
    const answer = await request({ ...shop(), path: '/wp-content/uploads/evil.php' });
    expect(answer.status).toBe(403);
  });

  it('keeps everything when its pods are replaced', async () => {
    await t.kubectl('delete', 'pod', '-n', namespace(), '--all', '--wait=true');
    const since = performance.now();
    await untilServed(t, store);
    figures['restartSeconds'] = secondsSince(since);
    expect((await request({ ...shop(), path: uploaded })).status).toBe(200);
    expect(await listUsers(await ownerSession())).toEqual([(await readOwner(t, namespace())).email]);
  });

  it('runs as the uids of the images, without a token, with nothing writable but its volumes', async () => {
    for (const [workload, uid] of [
      ['deployment/store-web', '33'],
      ['statefulset/store-database', '999'],
    ] as const) {
      const script =
        'id -u; ls /var/run/secrets/kubernetes.io 2>/dev/null; touch /probe 2>/dev/null && echo writable; true';
      const said = await t.kubectl('exec', '-n', namespace(), workload, '--', 'sh', '-c', script);
      expect(said.trim(), workload).toBe(uid);
    }
  });
});

describe('from scratch', () => {
  let other: StoreView;

  it('ends in the same site: one administrator, the same pages', async () => {
    await changeSetupRoute(t, 'scratch');
    const since = performance.now();
    other = await t.createStore('Scratch Pages', 'woocommerce');
    await untilServed(t, other);
    figures['scratchFirstPageSeconds'] = secondsSince(since);
    expect(await t.kubectl('get', 'jobs', '-n', namespace(other), '-o', 'name')).toContain('store-setup-1-');
    expect(await describeSite(other)).toEqual(await describeSite(store));
  });

  it('shares no secret and no instance with the other one', async () => {
    const secrets = await readStoreSecrets(t, [namespace(), namespace(other)]);
    expect(secrets.size).toBeGreaterThanOrEqual(6);
    expect(new Set(secrets.values()).size).toBe(secrets.size);
    const instances = await Promise.all([store, other].map(readInstance));
    expect(new Set(instances).size).toBe(2);
    expect(instances.every((id) => id.trim().length >= 16)).toBe(true);
  });

  it('leaves no secret in Redis, objects, logs or arguments', async () => {
    expect(await findLeaks(t, [namespace(), namespace(other)])).toEqual([]);
  });
});

// The last: afterwards this address may not sign in for a while.
it('stops whoever guesses passwords', async () => {
  const seen: string[] = [];
  for (let count = 0; count < 12; count += 1) {
    const form = new URLSearchParams({ log: 'nobody@example.com', pwd: `wrong-${count}`, testcookie: '1' });
    const body = new RawBody('application/x-www-form-urlencoded', form.toString());
    const headers = { cookie: 'wordpress_test_cookie=WP%20Cookie%20check' };
    seen.push((await request({ ...shop(), method: 'POST', path: '/wp-login.php', body, headers })).body);
  }
  expect(seen[0]).not.toContain('Too many wrong passwords');
  expect(seen.at(-1)).toContain('Too many wrong passwords');
});

/** What both routes must agree on: pages by slug, pictures, number of users. */
async function describeSite(one: StoreView): Promise<unknown> {
  const session = await ownerSession(one);
  const list = async (path: string): Promise<{ slug: string }[]> =>
    JSON.parse((await session.call('GET', path)).body) as { slug: string }[];
  const pages = (await list('/wp/v2/pages?per_page=100')).map(({ slug }) => slug).sort();
  const pictures = (await list('/wp/v2/media?per_page=100'))
    .map(({ slug }) => slug)
    .filter((slug) => slug !== 'from-the-test');
  return { pages, pictures: pictures.sort(), users: (await listUsers(session)).length };
}

function readInstance(one: StoreView): Promise<string> {
  const file = '/srv/wordpress/wp-content/uploads/.urumi-instance';
  return t.kubectl('exec', '-n', namespace(one), 'deployment/store-web', '--', 'cat', file);
}
