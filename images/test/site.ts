/** A visitor of a WordPress shop that listens on loopback: asks under the shop's host name and keeps its cookies. */
import { request } from 'node:http';

export type Answer = { status: number; headers: Record<string, string | string[] | undefined>; text: string };

type Ask = { method?: string; host?: string; headers?: Record<string, string>; body?: string | Buffer };

export class Site {
  readonly #port: number;
  readonly #host: string;
  readonly #cookies = new Map<string, string>();

  constructor(port: number, host: string) {
    this.#port = port;
    this.#host = host;
  }

  /** Follows no redirect. @throws Error of the network */
  async ask(path: string, { method = 'GET', host = this.#host, headers = {}, body }: Ask = {}): Promise<Answer> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return new Promise((resolve, reject) => {
      const call = request(
        { host: '127.0.0.1', port: this.#port, path, method, headers: { host, cookie, ...headers }, timeout: 60_000 },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', reject);
          response.once('end', () => {
            this.#keep(response.headers['set-cookie'] ?? []);
            const text = Buffer.concat(chunks).toString();
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
          });
        },
      );
      call.once('error', reject);
      call.once('timeout', () => call.destroy(new Error(`${path} took longer than a minute`)));
      call.end(body);
    });
  }

  /** Logs in by the form, as a person does. */
  async logIn(login: string, password: string): Promise<Answer> {
    this.#cookies.set('wordpress_test_cookie', 'WP%20Cookie%20check');
    return this.ask('/wp-login.php', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ log: login, pwd: password, testcookie: '1' }).toString(),
    });
  }

  /** What the admin's pages send along with each of their calls. Needs a log-in. */
  async nonce(): Promise<Record<string, string>> {
    const { text } = await this.ask('/wp-admin/admin-ajax.php?action=rest-nonce');
    return { 'x-wp-nonce': text.trim() };
  }

  #keep(lines: string[]): void {
    for (const line of lines) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) this.#cookies.set(name, value);
    }
  }
}
