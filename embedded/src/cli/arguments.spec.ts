import { describe, expect, it } from 'vitest';

import { OptionError } from '../cluster/options.ts';
import { parseCommand } from './arguments.ts';

describe('parseCommand', () => {
  it.each([
    [['up'], { kind: 'up', request: { name: 'local', storage: 'durable' } }],
    [
      ['up', '--name', 't', '--tmpfs', '--api-port', '0', '--fresh'],
      { kind: 'up', request: { name: 't', storage: 'memory', apiPort: 0, fresh: true } },
    ],
    [['up', '--nodes', 'simulated'], { kind: 'up', request: { nodes: 'simulated' } }],
    [['up', '--nodes', 'mixed'], { kind: 'up', request: { nodes: 'mixed' } }],
    [['status', '--json'], { kind: 'status', isJson: true }],
    [['load-image', 'a.tar', 'b.tar'], { kind: 'load-image', tars: ['a.tar', 'b.tar'] }],
    [['logs', 'kubelet', '-f'], { kind: 'logs', component: 'kubelet', isFollowed: true }],
    [[], { kind: 'help' }],
    [['up', '--help'], { kind: 'help' }],
  ])('%j', (argv, expected) => {
    expect(parseCommand(argv)).toMatchObject(expected);
  });

  it.each([
    [['fly']],
    [['up', '--nonsense']],
    [['up', '--api-port', 'x']],
    [['up', '--nodes', 'imaginary']],
    [['load-image']],
    [['logs']],
    [['logs', '../x']],
  ])('refuses %j with a sentence', (argv) => {
    expect(() => parseCommand(argv)).toThrow(OptionError);
  });
});
