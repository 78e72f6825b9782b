/**
 * Whether the cluster enforces what holds shops apart. A cluster may take a policy and do nothing with it, so workers try what
 * must not work, and say what came of it. Pure.
 */
import { z } from 'zod';

export const protectionKinds = ['admissionPolicies', 'networkPolicies'] as const;
export type ProtectionKind = (typeof protectionKinds)[number];

/** `missing`: what must be refused was let through. `unknown`: it could not be tried, or not yet. */
export const enforcements = ['enforced', 'missing', 'unknown'] as const;
export type Enforcement = (typeof enforcements)[number];

export type Protection = Readonly<Record<ProtectionKind, Enforcement>>;

export const unknownProtection: Protection = { admissionPolicies: 'unknown', networkPolicies: 'unknown' };

export const protectionFindingSchema = z.object({
  /** Redis time in milliseconds. */
  checkedAt: z.int().min(0),
  admissionPolicies: z.enum(enforcements),
  networkPolicies: z.enum(enforcements),
});
/** What one worker found. */
export type ProtectionFinding = z.infer<typeof protectionFindingSchema>;

/** How long a finding counts: a worker looks at least every ten minutes. In milliseconds. */
export const findingLifeMs = 25 * 60_000;

/**
 * One answer of all workers: nodes can differ, so the worst of them counts.
 * @param now  Redis time in milliseconds
 */
export function summarizeProtection(findings: readonly ProtectionFinding[], now: number): Protection {
  const fresh = findings.filter(({ checkedAt }) => now - checkedAt < findingLifeMs);
  const worst = (kind: ProtectionKind): Enforcement => {
    const seen = fresh.map((finding) => finding[kind]);
    return (['missing', 'enforced'] as const).find((one) => seen.includes(one)) ?? 'unknown';
  };
  return { admissionPolicies: worst('admissionPolicies'), networkPolicies: worst('networkPolicies') };
}
