/**
 * Whether a shop's name leads anywhere: DNS, then an answer with a trusted certificate. It only feeds a note: the shop serves
 * or not by the probe, which needs no name. Asked seldom and beside the looks, so a slow resolver delays none.
 */
import { lookup } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import { withinDeadline } from '@urumi/shared/server/redis/connection';

const timeoutMs = 5_000;

export interface PublicCheckOptions {
  readonly scheme: 'http' | 'https';
  /** Port in the shops' public address, 0 for the scheme's own. */
  readonly port: number;
  /** An answer counts so long, in milliseconds. */
  readonly everyMs: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly resolve?: (host: string) => Promise<unknown>;
  readonly onChange: (storeId: string) => void;
}

interface Memory {
  readonly host: string;
  readonly askedAt: number;
  note: string | null;
}

export class PublicChecks {
  readonly #o: PublicCheckOptions;
  readonly #memories = new Map<string, Memory>();

  constructor(options: PublicCheckOptions) {
    this.#o = options;
  }

  /** What is known of the host, `null` where nothing is wrong or nothing is known yet. Asks anew in the background. */
  note(storeId: string, host: string): string | null {
    // Names below localhost lead to this machine by definition (RFC 6761); resolvers know few of them.
    if (host === 'localhost' || host.endsWith('.localhost')) return null;
    const known = this.#memories.get(storeId);
    const isSame = known?.host === host;
    if (isSame && this.#o.now() - known.askedAt < this.#o.everyMs) return known.note;
    const memory: Memory = { host, askedAt: this.#o.now(), note: isSame ? known.note : null };
    this.#memories.set(storeId, memory);
    void this.#ask(host).then((note) => {
      if (note === memory.note) return;
      memory.note = note;
      this.#o.onChange(storeId);
    });
    return memory.note;
  }

  forget(storeId: string): void {
    this.#memories.delete(storeId);
  }

  /** Never rejects. */
  async #ask(host: string): Promise<string | null> {
    const { resolve = lookup } = this.#o;
    try {
      await withinDeadline(resolve(host), timeoutMs);
    } catch {
      return `not reachable from outside: no DNS entry leads to ${host}`;
    }
    const failure = await this.#request(host);
    return failure === null ? null : `not reachable from outside: ${failure}`;
  }

  #request(host: string): Promise<string | null> {
    const { scheme, port } = this.#o;
    const request = scheme === 'https' ? https.request : http.request;
    return new Promise((resolve) => {
      request({ host, servername: host, path: '/', agent: false, timeout: timeoutMs, ...(port === 0 ? {} : { port }) })
        .once('response', (response) => {
          response.destroy();
          resolve(null);
        })
        .once('timeout', function onTimeout(this: http.ClientRequest) {
          this.destroy(new Error('no answer'));
        })
        .once('error', (error: Error & { code?: string }) => resolve(tell(host, error.code ?? error.message)))
        .end();
    });
  }
}

function tell(host: string, code: string): string {
  return /CERT|SSL|TLS|ALTNAME|SIGNATURE/i.test(code)
    ? `the certificate of ${host} is not trusted (${code})`
    : `${host} does not answer (${code})`;
}
