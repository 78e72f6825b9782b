import { describe, expect, it } from 'vitest';

import { CommandError, runCommand } from './run-command.ts';

describe('runCommand', () => {
  it('gives input and returns output', async () => {
    expect(await runCommand('cat', [], { input: 'hello' })).toEqual({ stdout: 'hello', stderr: '' });
  });

  it.each([
    ['a program that fails', 'sh', ['-c', 'echo why >&2; exit 3'], {}, /ended with code 3\nwhy/],
    ['a program that does not exist', 'no-such-program', [], {}, /ENOENT/],
    ['a program that does not end', 'sleep', ['60'], { timeoutMs: 50 }, /no end within 50 ms/],
  ])('reports %s', async (_, file, args, options, message) => {
    const error: unknown = await runCommand(file, args, options).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CommandError);
    expect(String(error)).toMatch(message);
  });
});
