import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Check } from './checks.ts';
import { ok, toText, warn } from './finding.ts';
import { KubectlError, toError } from './kubectl.ts';
import { readOptions } from './options.ts';
import { runChecks } from './run-checks.ts';

const check = (name: string, look: Check['look']): Check => ({ name, look });

describe('running checks', () => {
  it('shows them in their order, whichever ends first, a few at a time', async () => {
    let running = 0;
    let most = 0;
    const names = Array.from({ length: 12 }, (_, index) => `c${index}`);
    const checks = names.map((name, index) =>
      check(name, async () => {
        most = Math.max(most, ++running);
        await sleep(index % 4 === 0 ? 20 : 1);
        running -= 1;
        return ok(name);
      }),
    );
    const shown: string[] = [];
    const lines = await runChecks(checks, (line) => shown.push(line.check));
    expect(shown).toEqual(names);
    expect(lines.map((line) => line.check)).toEqual(names);
    expect(most).toBe(4);
  });

  it('one that cannot tell, throws or never ends is a question mark, and the others go on', async () => {
    const lines = await runChecks(
      [
        check('refused', () => Promise.reject(new KubectlError('forbidden', 'nodes is forbidden'))),
        check('crashed', () => {
          throw new TypeError('not a function');
        }),
        check('endless', () => new Promise(() => undefined)),
        check('fine', () => Promise.resolve(ok('well'))),
      ],
      () => undefined,
      50,
    );
    expect(lines.map(({ check, state, saw }) => [check, state, saw])).toEqual([
      ['refused', '?', 'not told: nodes is forbidden'],
      ['crashed', '?', 'not told: not a function'],
      ['endless', '?', 'not told within 0.05 s'],
      ['fine', 'ok', 'well'],
    ]);
    expect(lines[0]).toMatchObject({ remedy: expect.stringContaining('administrator') });
  });
});

describe('a line', () => {
  it('carries its remedy below it, and no control character of the cluster’s', () => {
    expect(toText({ check: 'nodes', ...warn('bad\u001b[2J name\n', 'look') })).toBe(
      'WARN   nodes              bad [2J name \n                          remedy: look',
    );
  });
});

describe('what kubectl says', () => {
  /** Recorded from kubectl 1.36. */
  it.each([
    ['Error from server (NotFound): namespaces "urumi-system" not found', 'not-found'],
    ['Error from server (Forbidden): nodes is forbidden: User "nobody" cannot list resource "nodes"', 'forbidden'],
    ['error: You must be logged in to the server (Unauthorized)', 'forbidden'],
    [`error: the server doesn't have a resource type "gateways"`, 'no-kind'],
    ['Error from server (ServiceUnavailable): the server is currently unable to handle the request', 'unavailable'],
    [
      'The connection to the server localhost:8080 was refused - did you specify the right host or port?',
      'unreachable',
    ],
    ['Unable to connect to the server: dial tcp: lookup nowhere on 10.0.0.1:53: no such host', 'unreachable'],
    ['Unable to connect to the server: net/http: TLS handshake timeout', 'unreachable'],
    ['error: context "nope" does not exist', 'bad-config'],
    ['error: stat /nonexist: no such file or directory', 'bad-config'],
    ['E1124 04:00:00 memcache.go:265] "Unhandled Error"\nerror: something new', 'other'],
    ['', 'other'],
  ])('%s', (stderr, failure) => {
    expect(toError(stderr).failure).toBe(failure);
  });

  it('hides what a login helper spills', () => {
    const spilt = toError(
      'error: exec: Authorization: Bearer abcdefgh12345678 and eyJhbGciOi.eyJzdWIi.c2ln token=s3cr3ts3cr3t',
    );
    expect(spilt.message).not.toMatch(/abcdefgh|eyJ|s3cr3t/);
  });
});

describe('the command line', () => {
  it('has defaults, and takes what kubectl takes', () => {
    expect(readOptions([])).toMatchObject({ namespace: 'urumi-system', release: 'urumi', json: false });
    expect(readOptions(['-n', 'a', '--release', 'b', '--context', 'c', '--kubeconfig', 'd', '--json'])).toMatchObject({
      namespace: 'a',
      release: 'b',
      context: 'c',
      kubeconfig: 'd',
      json: true,
    });
  });

  it.each([
    [['--namespace', 'A b']],
    [['--namespace=-x']],
    [['--release', '']],
    [['--context=']],
    [['more']],
    [['--fix']],
  ])('refuses %j', (args) => {
    expect(() => readOptions(args)).toThrow();
  });
});
