/** Reads the body of a form: url-encoded, bounded, nothing else. */
import type { IncomingMessage } from 'node:http';

/** The largest form of this shop (checkout, every field at its limit) stays under this, percent-encoding included. */
const bodyBytesMax = 16_384;

export type FormBody =
  | { readonly kind: 'form'; readonly form: URLSearchParams }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'wrong-type' };

/**
 * @returns the fields; `too-large` or `wrong-type` without having kept the rest of the body
 * @throws the socket's error if the shopper goes away meanwhile
 */
export async function readForm(request: IncomingMessage): Promise<FormBody> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') return { kind: 'wrong-type' };
  if (Number(request.headers['content-length'] ?? 0) > bodyBytesMax) return { kind: 'too-large' };

  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > bodyBytesMax) return { kind: 'too-large' };
    chunks.push(part);
  }
  return { kind: 'form', form: new URLSearchParams(Buffer.concat(chunks).toString('utf8')) };
}
