/** A WordPress site as its owner uses it: signs in by the form, then speaks to the REST API with the session's nonce. */
import { RawBody, request, toJson, type Answer } from './http.ts';
import type { Shop } from './medusa-shop.ts';

export interface Session {
  /** A call below `/wp-json`. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** A page of the administration, as HTML. */
  page(path: string): Promise<Answer>;
}

/** @throws Error where the sign-in is refused */
export async function signIn(shop: Shop, owner: { email: string; password: string }): Promise<Session> {
  const form = new URLSearchParams({ log: owner.email, pwd: owner.password, testcookie: '1' });
  const answer = await request({
    ...shop,
    method: 'POST',
    path: '/wp-login.php',
    body: new RawBody('application/x-www-form-urlencoded', form.toString()),
    headers: { cookie: 'wordpress_test_cookie=WP%20Cookie%20check' },
  });
  const cookies = (answer.headers['set-cookie'] ?? []).map((line) => line.split(';')[0] ?? '');
  if (answer.status !== 302 || !cookies.some((cookie) => cookie.startsWith('wordpress_logged_in_')))
    throw new Error(`the sign-in answered ${answer.status}: ${answer.body.slice(0, 500)}`);
  const cookie = cookies.join('; ');
  const nonce = await request({ ...shop, path: '/wp-admin/admin-ajax.php?action=rest-nonce', headers: { cookie } });
  if (nonce.status !== 200) throw new Error(`no nonce: ${nonce.status} ${nonce.body.slice(0, 200)}`);
  return {
    call: (method, path, body, headers = {}) =>
      request({
        ...shop,
        method,
        path: `/wp-json${path}`,
        body,
        headers: { cookie, 'x-wp-nonce': nonce.body.trim(), ...headers },
      }),
    page: (path) => request({ ...shop, path, headers: { cookie } }),
  };
}

/** The smallest PNG: one pixel. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

/** @returns path of the uploaded picture on the shop's own host */
export async function uploadPicture(session: Session, name: string): Promise<string> {
  const answer = await session.call('POST', '/wp/v2/media', new RawBody('image/png', picture), {
    'content-disposition': `attachment; filename="${name}.png"`,
  });
  return new URL(toJson<{ source_url: string }>(answer, 201).source_url).pathname;
}

/** E-mail addresses of everybody with an account. */
export async function listUsers(session: Session): Promise<string[]> {
  const users = toJson<{ email: string }[]>(await session.call('GET', '/wp/v2/users?context=edit'), 200);
  return users.map(({ email }) => email);
}
