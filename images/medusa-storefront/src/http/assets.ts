/**
 * Files of the image, read once at start and answered from memory: the stylesheet, the script, the icon and the product
 * pictures. A request never reaches the file system.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

import type { Reply } from './reply.ts';
import type { ShopRequest } from './request.ts';
import { textReply } from './reply.ts';
import { picturePolicy } from './security-headers.ts';

interface Asset {
  readonly type: string;
  readonly etag: string;
  readonly plain: Uint8Array;
  /** Smaller form, or null where compressing does not pay. */
  readonly gzip: Uint8Array | null;
}

export interface Assets {
  /** The address of a file, with a version in it, so that browsers may keep it for good. */
  href(path: string): string;
  has(path: string): boolean;
  serve(path: string, request: ShopRequest): Reply;
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
};

/**
 * @param folders  address prefix to folder, e.g. `/media` to the pictures; a folder that is absent holds no files
 */
export function loadAssets(folders: Readonly<Record<string, string>>): Assets {
  const assets = new Map<string, Asset>();
  for (const [prefix, folder] of Object.entries(folders)) {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const type = types[extname(name)];
      if (type !== undefined) assets.set(`${prefix}/${name}`, toAsset(type, readFileSync(join(folder, name))));
    }
  }
  return {
    href: (path) => `${path}?v=${assets.get(path)?.etag.slice(1, 11) ?? ''}`,
    has: (path) => assets.has(path),
    serve: (path, request) => {
      const asset = assets.get(path);
      return asset === undefined ? textReply(404, 'No such file.') : assetReply(asset, request);
    },
  };
}

function assetReply(asset: Asset, request: ShopRequest): Reply {
  const version = request.query.get('v');
  const isVersioned = version !== null && version !== '' && asset.etag.startsWith(`"${version}`);
  const headers: Record<string, string> = {
    etag: asset.etag,
    vary: 'accept-encoding',
    'cache-control': isVersioned ? 'public, max-age=31536000, immutable' : 'public, max-age=300',
    ...(asset.type.startsWith('image/') ? { 'content-security-policy': picturePolicy } : {}),
  };
  if (request.headers['if-none-match'] === asset.etag) {
    return { status: 304, headers, cookies: [], body: '', isFinal: true };
  }
  const useGzip = asset.gzip !== null && acceptsGzip(request.headers['accept-encoding']);
  return {
    status: 200,
    headers: { ...headers, 'content-type': asset.type, ...(useGzip ? { 'content-encoding': 'gzip' } : {}) },
    cookies: [],
    body: useGzip && asset.gzip !== null ? asset.gzip : asset.plain,
    isFinal: true,
  };
}

export function acceptsGzip(header: string | string[] | undefined): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(String(header ?? ''));
}

function toAsset(type: string, content: Buffer): Asset {
  const plain = type.startsWith('text/css') ? Buffer.from(withoutIndent(content.toString('utf8'))) : content;
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  const isText = type.startsWith('text/') || type === 'image/svg+xml';
  const gzip = isText ? gzipSync(plain, { level: 9 }) : null;
  return { type, etag, plain, gzip: gzip !== null && gzip.length < plain.length ? gzip : null };
}

/** The stylesheet without comments and line breaks: a fifth less to send and to read, nothing else changes. */
function withoutIndent(css: string): string {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s*\n\s*/g, '\n')
    .replace(/(?<=[{};,])\n/g, '')
    .replaceAll('\n', ' ')
    .trim();
}
