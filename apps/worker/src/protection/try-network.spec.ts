import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { parseForbiddenAddress, tryNetwork } from './try-network.ts';

const listening = async () => true;
const silent = async () => false;

describe('a connection that network policies forbid', () => {
  it('is missing its policy where it comes about, whoever says he listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const target = { host: '127.0.0.1', port: address.port };
    expect((await tryNetwork(target, silent)).enforcement).toBe('missing');
    server.close();
    await once(server, 'close');
    expect(await tryNetwork(target, listening)).toEqual({
      enforcement: 'enforced',
      told: `127.0.0.1:${target.port} is kept away: ECONNREFUSED`,
    });
    expect((await tryNetwork(target, silent)).enforcement).toBe('unknown');
  });

  it('proves nothing where the name has no address', async () => {
    const { enforcement, told } = await tryNetwork({ host: 'nobody.invalid', port: 80 }, listening);
    expect([enforcement, told]).toEqual(['unknown', expect.stringContaining('nobody.invalid has no address')]);
  });

  it('is named as host and port', () => {
    expect(parseForbiddenAddress('urumi-api:3000')).toEqual({ host: 'urumi-api', port: 3000 });
  });
});
