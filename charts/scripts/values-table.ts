/**
 * The table of a chart's values as Markdown: one row per value, its text is the comment above it. Pure; files are the
 * caller's.
 */
import { isMap, isNode, isScalar, parseDocument, stringify, type Pair, type YAMLMap } from 'yaml';

/** @throws Error naming the first value without a comment above it or above its map */
export function toTable(valuesYaml: string): string {
  const document = parseDocument(valuesYaml);
  if (!isMap(document.contents)) throw new Error('values.yaml holds no map');
  const rows = toRows(document.contents, '');
  return ['| value | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

function toRows(map: YAMLMap, prefix: string): string[] {
  return map.items.flatMap((pair, index) => {
    const key = toKey(pair);
    const text = commentOf(pair, index === 0 ? map : undefined);
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (isMap(pair.value) && pair.value.items.length > 0 && !isLeaf(pair.value)) {
      return [...(text === '' ? [] : [`| \`${path}\` | | ${text} |`]), ...toRows(pair.value, path)];
    }
    if (text === '' && !isImagePart(key)) throw new Error(`values.yaml: ${path} has no comment`);
    return [`| \`${path}\` | ${toDefault(pair)} | ${text || imageParts[key]} |`];
  });
}

/** The parts of every image mean the same, so values.yaml does not repeat it. */
const imageParts: Readonly<Record<string, string>> = {
  repository: 'Repository, below `images.registry`.',
  tag: 'Tag; unused beside a digest.',
  digest: 'Digest, `sha256:…`; wins over the tag.',
};

function isImagePart(key: string): boolean {
  return key in imageParts;
}

/** A map written on one line, or of free keys as labels, is one value. */
function isLeaf(map: YAMLMap): boolean {
  return map.flow === true || map.items.some((pair) => /[./-]/.test(toKey(pair)));
}

function toKey(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

/** The comment directly above a key, its last paragraph. That of a map's first key hangs on the map itself. */
function commentOf(pair: Pair, map: YAMLMap | undefined): string {
  const own = isScalar(pair.key) ? pair.key.commentBefore : undefined;
  const text = own ?? map?.commentBefore ?? '';
  const paragraph = text.split('\n\n').at(-1) ?? '';
  return paragraph
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .trim()
    .replaceAll('|', '\\|');
}

function toDefault({ value }: Pair): string {
  const plain: unknown = isNode(value) ? value.toJSON() : value;
  if (plain === null || plain === '') return '';
  return `\`${stringify(plain, { collectionStyle: 'flow', lineWidth: 0 }).trim()}\``;
}
