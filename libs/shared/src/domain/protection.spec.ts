import { describe, expect, it } from 'vitest';
import { findingLifeMs, summarizeProtection, unknownProtection, type ProtectionFinding } from './protection.ts';

const now = 10_000_000;
const finding = (change: Partial<ProtectionFinding> = {}): ProtectionFinding => ({
  checkedAt: now,
  admissionPolicies: 'enforced',
  networkPolicies: 'enforced',
  ...change,
});

describe('the protection of an installation', () => {
  it('is unknown where nobody has looked', () => expect(summarizeProtection([], now)).toEqual(unknownProtection));

  it('is what the only worker found', () => {
    const found = finding({ networkPolicies: 'unknown' });
    expect(summarizeProtection([found], now)).toEqual({ admissionPolicies: 'enforced', networkPolicies: 'unknown' });
  });

  it('is as bad as the worst worker found it, in whatever order', () => {
    const found = [finding(), finding({ networkPolicies: 'missing' }), finding({ networkPolicies: 'unknown' })];
    const worst = { admissionPolicies: 'enforced', networkPolicies: 'missing' };
    expect(summarizeProtection(found, now)).toEqual(worst);
    expect(summarizeProtection(found.toReversed(), now)).toEqual(worst);
  });

  it('forgets what is old', () => {
    const old = finding({ checkedAt: now - findingLifeMs, networkPolicies: 'missing' });
    expect(summarizeProtection([old], now)).toEqual(unknownProtection);
    expect(summarizeProtection([old, finding()], now).networkPolicies).toBe('enforced');
  });
});
