import { describe, expect, it } from 'vitest';

import { OptionError, resolveOptions } from './options.ts';

describe('resolveOptions', () => {
  it('fills in what was not chosen', () => {
    expect(resolveOptions({ name: 'local' }, { XDG_STATE_HOME: '/s' })).toEqual({
      name: 'local',
      storage: 'durable',
      nodes: 'real',
      stateDir: '/s/urumi/clusters/local',
      apiPort: 6443,
      ingressPort: 8080,
    });
    expect(resolveOptions({ name: 'local' }, { URUMI_STATE: '/u' }).stateDir).toBe('/u/clusters/local');
    expect(resolveOptions({ name: 't', storage: 'memory' }).stateDir).toBe('/dev/shm/urumi-t');
  });

  it.each([
    ['', 'empty'],
    ['A', 'upper case'],
    ['1a', 'a digit first'],
    ['a-', 'a dash last'],
    ['a/b', 'a path'],
    ['a.b', 'a dot'],
    ['a'.repeat(21), 'too long'],
  ])('refuses the name "%s": %s', (name) => {
    expect(() => resolveOptions({ name })).toThrow(OptionError);
  });

  it('accepts 20 letters', () => {
    expect(resolveOptions({ name: 'a'.repeat(20) }).name).toHaveLength(20);
  });

  it.each([
    [{ apiPort: -1 }],
    [{ ingressPort: 65_536 }],
    [{ apiPort: 1.5 }],
    [{ stateDir: '/' }],
    [{ stateDir: '/with blank' }],
    [{ storage: 'memory' as const, stateDir: '/s' }],
  ])('refuses %j', (part) => {
    expect(() => resolveOptions({ name: 'local', ...part })).toThrow(OptionError);
  });
});
