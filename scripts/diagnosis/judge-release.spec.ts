import { describe, expect, it } from 'vitest';
import { judgeNamespace, judgeRelease } from './judge-release.ts';

const place = { namespace: 'urumi-system', release: 'urumi' };

/** As kubectl 1.36 prints Helm 4's Secrets with `--label-columns version,status --no-headers`. */
const row = (version: number, status: string) =>
  `sh.helm.release.v1.urumi.v${version}   helm.sh/release.v1   1      3m12s   ${version}         ${status}\n`;

describe('the release', () => {
  it.each([
    ['installed', row(1, 'deployed'), 'ok'],
    ['upgraded, the tenth last in numbers and not in letters', row(10, 'deployed') + row(9, 'superseded'), 'ok'],
    ['an upgrade under way or killed', row(1, 'deployed') + row(2, 'pending-upgrade'), 'WARN'],
    ['an upgrade that failed', row(1, 'superseded') + row(2, 'failed'), 'WARN'],
    ['an install that failed', row(1, 'failed'), 'FAULT'],
    ['being uninstalled', row(1, 'uninstalling'), 'FAULT'],
    ['none', '', 'FAULT'],
    ['a status of tomorrow', row(1, 'pondering'), '?'],
  ])('%s', (_, table, state) => {
    expect(judgeRelease(table, place).state).toBe(state);
  });

  it('nothing was there before a first install that was killed, so there is nothing to go back to', () => {
    const remedies = [row(1, 'pending-install'), row(1, 'deployed') + row(2, 'pending-upgrade')].map((table) => {
      const finding = judgeRelease(table, place);
      return finding.state === 'ok' ? '' : finding.remedy;
    });
    expect(remedies).toEqual([expect.stringContaining('helm uninstall'), expect.stringContaining('helm rollback')]);
  });
});

describe('the namespace', () => {
  const labelled = (level: string) => ({ metadata: { labels: { 'pod-security.kubernetes.io/enforce': level } } });
  it.each([
    ['restricted', labelled('restricted'), 'ok'],
    ['baseline', labelled('baseline'), 'WARN'],
    ['no label', { metadata: {} }, 'WARN'],
    ['going', { metadata: { deletionTimestamp: '2026-11-24T04:00:00Z' } }, 'FAULT'],
    ['not there', null, 'FAULT'],
  ])('%s', (_, namespace, state) => {
    expect(judgeNamespace(namespace, place).state).toBe(state);
  });
});
