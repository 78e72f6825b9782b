/** Chooses a picture that this shop may show: its own files only, so that no other site learns who looks at what. */
export type PictureOf = (handle: string | null, addresses: readonly (string | null)[]) => string | null;

export interface PictureOptions {
  readonly storeOrigin: string;
  readonly medusaUrl: string;
  /** True for a file that came with the image, e.g. `/media/mug.svg`. */
  readonly hasFile: (path: string) => boolean;
}

const extensions = ['svg', 'webp', 'jpg', 'png'] as const;

/**
 * The first address that leads to a file of this shop, as a path; else the picture that came with the image under the
 * product's handle; else null, for which pages draw a plain tile.
 */
export function createPictureOf({ storeOrigin, medusaUrl, hasFile }: PictureOptions): PictureOf {
  const origins = new Set([storeOrigin, new URL(medusaUrl).origin]);
  return (handle, addresses) => {
    for (const address of addresses) {
      const path = toOwnPath(address, storeOrigin, origins);
      if (path === null) continue;
      // Paths outside /media lead to the backend (uploads); those inside are known to exist or not.
      if (!path.startsWith('/media/') || hasFile(path.replace(/\?.*$/, ''))) return path;
    }
    if (handle === null) return null;
    return extensions.map((extension) => `/media/${handle}.${extension}`).find(hasFile) ?? null;
  };
}

function toOwnPath(address: string | null, base: string, origins: ReadonlySet<string>): string | null {
  if (address === null || !URL.canParse(address, base)) return null;
  const url = new URL(address, base);
  return origins.has(url.origin) ? `${url.pathname}${url.search}` : null;
}
