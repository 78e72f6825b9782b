import { describe, expect, it } from 'vitest';
import { buildExplanation } from './explain.ts';
import { redactLine } from './redact.ts';

const fault = { object: 'Pod store-server-x1', message: 'container server keeps ending' };
const warning = (name: string, message: string, count = 1) => ({
  kind: 'Pod',
  name,
  reason: 'BackOff',
  message,
  count,
});

describe('an explanation', () => {
  it('holds the last twenty lines of a log, each at most 200 characters', () => {
    const log = Array.from({ length: 500 }, (_none, index) => `${index} ${'- '.repeat(500)}`).join('\n');
    const { logLines } = buildExplanation(fault, log, []);
    expect(logLines).toHaveLength(20);
    expect(logLines[19]).toMatch(/^499 [- ]+…$/);
    expect(Math.max(...logLines.map((line) => line.length))).toBe(200);
  });

  it('holds at most ten warnings, those of the failing object first', () => {
    const others = Array.from({ length: 30 }, (_none, index) => warning(`store-other-${index}`, 'x '.repeat(250)));
    const { events } = buildExplanation(fault, '', [...others, warning('store-server-x1', 'back-off restarting', 7)]);
    expect(events).toHaveLength(10);
    expect(events[0]).toBe('Pod store-server-x1: BackOff: back-off restarting (7 times)');
    expect(Math.max(...events.map((line) => line.length))).toBe(200);
  });

  it('does not repeat a cause among the lines', () => {
    const { logLines } = buildExplanation(fault, 'a\nurumi: cause=VolumeFull: No room.\nb', []);
    expect(logLines).toEqual(['a', 'b']);
  });

  it('drops empty lines and control characters', () => {
    const { logLines } = buildExplanation(fault, '\u001b[31mred\u001b[0m\n\n  \nplain\u0007\u0000text\r\n', []);
    expect(logLines).toEqual(['red', 'plain text']);
  });

  it('bounds object and message', () => {
    const { object, message } = buildExplanation({ object: 'o '.repeat(500), message: 'm '.repeat(5000) }, '', []);
    expect([object.length, message.length]).toEqual([120, 400]);
  });
});

describe('a line for people', () => {
  it.each([
    ['postgres://medusa:hunter2@store-database:5432/medusa', 'postgres://[hidden]@store-database:5432/medusa'],
    ['connect failed password=hunter2 host=db', 'connect failed password=[hidden] host=db'],
    ['{"adminPassword":"hunter2","user":"a"}', '{"adminPassword":[hidden],"user":"a"}'],
    ["JWT_SECRET: 'abc def'", 'JWT_SECRET: [hidden]'],
    ['Authorization: Bearer abcdef.123456', 'Authorization: [hidden] [hidden]'],
    ['got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl back', 'got [hidden] back'],
    ['key pk_0123456789abcdef used', 'key [hidden] used'],
    ['made aB3dE6gH9jK2mN5pQ8sT1vW4 now', 'made [hidden] now'],
    ['made aBcdefGHijklmNopqRsTuvWx now', 'made [hidden] now'],
    ['x-publishable-api-key=pk_zzzz', 'x-publishable-api-key=[hidden]'],
  ])('hides the secret of %j', (text, shown) => {
    expect(redactLine(text, 200)).toBe(shown);
  });

  it('never shows half a secret at its end', () => {
    const text = `${'password=hunter2 '.repeat(46)} tail aB3dE6gH9jK2mN5pQ8sT1vW4`;
    expect(redactLine(text, 200)).not.toContain('aB3dE6');
  });

  it.each([
    'relation "payment_provider" does not exist',
    'NamespaceContentRemaining: Some resources are remaining',
    'StorageProvisionerTemporarilyUnavailable',
    'connect ECONNREFUSED 10.96.12.7:5432',
    'Error: Cannot find module /srv/medusa/.medusa/server/src/api/store/products/route.js',
    'image localhost/urumi/medusa-server@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 cannot be pulled',
  ])('keeps what a person needs: %s', (text) => {
    expect(redactLine(text, 200)).toBe(text);
  });
});
