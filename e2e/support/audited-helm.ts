/**
 * A helm that tells on its callers: it holds a kernel lock per namespace for as long as it lives, and writes down every
 * start that finds the lock held. So an overlap of two attempts of one store is seen whoever caused it, and however both end.
 */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface AuditedHelm {
  /** To be used as helm. */
  readonly bin: string;
  /** Namespaces whose helm was started while another ran there. */
  readOverlaps(): Promise<string[]>;
  /** Helm's starts so far, by namespace. */
  readStarts(): Promise<Map<string, number>>;
}

/**
 * @param folder  made; holds the script, the locks and what was written down
 * @param helm  path of the real helm
 * @param delaySeconds  how long each start waits before it does anything, so that a kill meets it under way
 */
export async function buildAuditedHelm(
  folder: string,
  helm: string,
  { delaySeconds = 0 }: { readonly delaySeconds?: number } = {},
): Promise<AuditedHelm> {
  const locks = join(folder, 'locks');
  await mkdir(locks, { recursive: true });
  const [bin, overlaps, starts] = ['helm', 'overlaps', 'starts'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await Promise.all([overlaps, starts].map((file) => writeFile(file, '')));
  await writeFile(
    bin,
    `#!/bin/bash
for argument; do case $argument in --namespace=*) namespace=\${argument#*=} ;; esac; done
if [ -n "\${namespace:-}" ]; then
  exec 9>"${locks}/$namespace"
  flock --nonblock 9 || echo "$namespace" >>"${overlaps}"
  echo "$namespace" >>"${starts}"
  sleep ${delaySeconds}
fi
exec "${helm}" "$@"
`,
  );
  await chmod(bin, 0o755);
  const read = async (file: string): Promise<string[]> => (await readFile(file, 'utf8')).split('\n').filter(Boolean);
  return {
    bin,
    readOverlaps: () => read(overlaps),
    readStarts: async () => {
      const counts = new Map<string, number>();
      for (const namespace of await read(starts)) counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
      return counts;
    },
  };
}
