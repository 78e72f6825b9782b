/**
 * Reads shapes of older releases of the platform. Pure, and applied before a schema judges the value, so nothing here trusts
 * what it is given. Records of newer shapes are not read at all (`record.schema-newer`).
 */

type Shape = Readonly<Record<string, unknown>>;

/**
 * The sections of a record of schema 2 as those of schema 3: the host was part of the identity, nobody could wish another, and
 * nothing was known of when a step began.
 */
export function upgradeSections(sections: Shape): Shape {
  const { identity, desired } = upgradeWish(sections);
  const release = toShape(sections['release']);
  const observed = toShape(sections['observed']);
  const lostGeneration = observed['lostGeneration'];
  const isLost = lostGeneration !== 0 && lostGeneration === toShape(desired)['generation'];
  return {
    ...sections,
    identity,
    desired,
    attempt: { stepAt: 0, ...toShape(sections['attempt']) },
    release: {
      host: release['generationApplied'] === 0 ? null : toShape(desired)['host'],
      namespaceStart: null,
      applyStart: null,
      ...release,
    },
    // Any uid but the present one says that a loss of before was made good since.
    observed: { lostUid: isLost ? (release['namespaceUid'] ?? null) : '', ...observed },
  };
}

/** Identity and wish of an older record or stamp: the host moves to the wish. */
export function upgradeWish(value: Shape): Shape {
  const { host, ...identity } = toShape(value['identity']);
  if (host === undefined) return value;
  return { ...value, identity, desired: { host, formerHosts: [], ...toShape(value['desired']) } };
}

/** A tombstone of before: its host was part of the identity, and no explanation was kept. */
export function upgradeTombstone(value: unknown): Shape {
  const tombstone = toShape(value);
  const { host, ...identity } = toShape(tombstone['identity']);
  if (host === undefined) return tombstone;
  return { explanation: null, ...tombstone, identity, host };
}

/** What is no object becomes an empty one, which no schema takes for a section. */
function toShape(value: unknown): Shape {
  return typeof value === 'object' && value !== null ? (value as Shape) : {};
}
