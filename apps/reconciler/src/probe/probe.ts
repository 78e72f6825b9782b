/**
 * Asks for a shop's page the way a shopper does: through the ingress, with the shop's host. Passes only on content, so a
 * default page, a redirect or another shop's page cannot pass.
 */
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { EngineDescriptor } from '@urumi/shared/domain/engines/catalog';

/** Longest part of a page that is read. */
const bodyBytesMax = 512 * 1024;

export type ProbeOutcome =
  | { readonly passed: true }
  /**
   * `unreachable`: nobody answers at the ingress' address, which all shops share; otherwise what this shop's answer lacked.
   * `failure` is one stable line for people.
   */
  | {
      readonly passed: false;
      readonly kind: 'unreachable' | 'no-answer' | 'status' | 'content';
      readonly failure: string;
    };

export interface ProbeTarget {
  readonly storeId: string;
  readonly host: string;
  readonly engine: EngineDescriptor;
}

export interface ProberOptions {
  readonly host: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
  /** Port in the shops' public address, 0 for the scheme's own: a shop may redirect whoever names another. */
  readonly publicPort: number;
  readonly timeoutMs: number;
}

export class Prober {
  readonly #options: ProberOptions;
  readonly #agent: http.Agent | https.Agent;

  constructor(options: ProberOptions) {
    this.#options = options;
    const pool = { keepAlive: true, maxSockets: 32, maxFreeSockets: 8, timeout: 60_000 };
    // Whether the certificate is trusted is a question of the shop's name, not of whether the shop serves; a shopper's
    // browser and a check by DNS answer it. Here a missing certificate must not look like an outage.
    this.#agent =
      options.scheme === 'https' ? new https.Agent({ ...pool, rejectUnauthorized: false }) : new http.Agent(pool);
  }

  /** Never rejects. */
  async probe(target: ProbeTarget): Promise<ProbeOutcome> {
    const signal = AbortSignal.timeout(this.#options.timeoutMs);
    let response: IncomingMessage;
    try {
      response = await this.#request(target, signal);
    } catch (error) {
      return this.#toFailure(error, signal);
    }
    if (response.statusCode !== 200) {
      response.resume();
      return { passed: false, kind: 'status', failure: `the page answers ${response.statusCode}` };
    }
    try {
      return judge(await readBody(response), target);
    } catch (error) {
      return this.#toFailure(error, signal);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #request({ host, engine }: ProbeTarget, signal: AbortSignal): Promise<IncomingMessage> {
    const { host: address, port, scheme } = this.#options;
    const request = scheme === 'https' ? https.request : http.request;
    return new Promise((resolve, reject) => {
      request(
        {
          host: address,
          port,
          path: engine.probePath,
          agent: this.#agent,
          signal,
          ...(scheme === 'https' ? { servername: host } : {}),
          headers: { host: this.#toHostHeader(host), accept: 'text/html', 'user-agent': 'urumi-probe' },
        },
        resolve,
      )
        .once('error', reject)
        .end();
    });
  }

  #toHostHeader(host: string): string {
    const { scheme, publicPort } = this.#options;
    const isOwn = publicPort === 0 || publicPort === (scheme === 'https' ? 443 : 80);
    return isOwn ? host : `${host}:${publicPort}`;
  }

  #toFailure(error: unknown, signal: AbortSignal): ProbeOutcome {
    if (signal.aborted) {
      return {
        passed: false,
        kind: 'no-answer',
        failure: `the page did not answer within ${this.#options.timeoutMs} ms`,
      };
    }
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const isAddress = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|EADDRNOTAVAIL)$/.test(code);
    return isAddress
      ? { passed: false, kind: 'unreachable', failure: `the ingress does not answer (${code})` }
      : { passed: false, kind: 'no-answer', failure: `the answer broke off (${code})` };
  }
}

function judge(body: string, { storeId, engine }: ProbeTarget): ProbeOutcome {
  if (!body.includes(engine.probeMarker(storeId))) {
    return { passed: false, kind: 'content', failure: 'the page is not the one of this shop' };
  }
  if (!body.includes(engine.productMarker)) {
    return { passed: false, kind: 'content', failure: 'the page shows no product' };
  }
  return { passed: true };
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= bodyBytesMax) break;
  }
  return Buffer.concat(chunks).subarray(0, bodyBytesMax).toString('utf8');
}
