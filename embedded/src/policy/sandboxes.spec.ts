import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { waitUntil } from '../base/wait.ts';
import { followSandboxes, parseSandbox, type Sandbox } from './sandboxes.ts';

const result = (uid: string, address: string) =>
  JSON.stringify({ cniArgs: [['K8S_POD_UID', uid]], result: { ips: [{ address: `${address}/22` }] } });
const fileName = (network: string, digit: string) => `${network}-${digit.repeat(64)}-eth0`;

describe('parseSandbox', () => {
  it.each([
    ['pod and address', result('u1', '10.244.0.2'), { uid: 'u1', address: '10.244.0.2' }],
    ['half a text', result('u1', '10.244.0.2').slice(0, 20), null],
    ['no pod', '{"result":{"ips":[{"address":"10.244.0.2/22"}]}}', null],
    ['no address', '{"cniArgs":[["K8S_POD_UID","u1"]],"result":{}}', null],
  ])('%s', (_, text, expected) => {
    expect(parseSandbox(text)).toEqual(expected);
  });
});

describe('followSandboxes', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'urumi-sandboxes-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('shows what is there, what comes and what goes, of its own network only', async () => {
    writeFileSync(join(dir, fileName('urumi-a', '1')), result('u1', '10.244.0.2'));
    writeFileSync(join(dir, fileName('urumi-a-2', '1')), result('other', '10.244.0.2'));
    const stop = new AbortController();
    let seen: readonly Sandbox[] | null = null;
    const following = followSandboxes({
      networkName: 'urumi-a',
      dir,
      signal: stop.signal,
      onTrouble: () => undefined,
      onChange: (sandboxes) => (seen = sandboxes),
    });
    const uids = (...expected: string[]) =>
      waitUntil({
        what: expected.join(' '),
        timeoutMs: 5_000,
        check: () => seen !== null && seen.map(({ uid }) => uid).join() === expected.join(),
      });
    await uids('u1');
    writeFileSync(join(dir, fileName('urumi-a', '2')), result('u2', '10.244.0.3'));
    await uids('u1', 'u2');
    rmSync(join(dir, fileName('urumi-a', '1')));
    await uids('u2');
    stop.abort();
    await following;
  });
});
