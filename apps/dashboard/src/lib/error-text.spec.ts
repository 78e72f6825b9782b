import { errorKinds } from '@urumi/shared/domain/errors';
import { describe, expect, it } from 'vitest';
import { ApiProblem, describeProblem } from '../api/problem.ts';
import { findBannedWords } from '../testing/banned-words.ts';
import { errorTexts, isErrorCode } from './error-text.ts';

describe('every code of the platform', () => {
  it.each(Object.keys(errorKinds))('%s has a sentence and a cause', (code) => {
    if (!isErrorCode(code)) throw new Error(`no row for ${code}`);
    const { sentence, cause } = errorTexts[code];
    expect(sentence({})).toMatch(/^[A-Z].+\.$/s);
    expect(sentence({})).not.toMatch(/undefined|null/);
    expect(cause).toMatch(/^\S.+[^.]$/);
    expect(findBannedWords(`${sentence({})} ${cause}`)).toEqual([]);
  });

  it('and no row is left over', () => {
    expect(Object.keys(errorTexts).sort()).toEqual(Object.keys(errorKinds).sort());
  });
});

const rows: readonly [string, ApiProblem, string][] = [
  [
    'quota with numbers',
    problem('quota.stores-exceeded', { stores: 10, storesMax: 10 }),
    'You have 10 of 10 stores. Delete one or ask your operator for more.',
  ],
  [
    'a name that is too long',
    problem('store.name-invalid', { fault: 'too-long', length: 64, lengthMax: 63 }),
    'A name has at most 63 characters. This one has 64.',
  ],
  [
    'a taken name',
    problem('store.name-taken', { name: 'Harbour Coffee' }),
    'You already have “Harbour Coffee”. Open it or choose another name.',
  ],
  ['an engine with its reason', problem('engine.unavailable', { reason: 'It comes later.' }), 'It comes later.'],
  ['silence', new ApiProblem({ code: 'silent' }), 'Urumi does not answer. It is asked again by itself.'],
  [
    'a proxy',
    new ApiProblem({ code: 'unnamed', status: 502 }),
    'The server answered 502. Nothing more is known. Try again in a moment.',
  ],
  [
    'rights',
    new ApiProblem({ code: 'unnamed', status: 403 }),
    'Your token does not allow this. Ask your operator for one that does.',
  ],
];

describe('answers', () => {
  it.each(rows)('%s', (_name, error, sentence) => {
    expect(describeProblem(error)).toBe(sentence);
  });

  it('a fault of the page itself does not blame the server', () => {
    expect(describeProblem(new TypeError('x is not a function'))).toContain('fault of its own');
  });
});

function problem(code: ApiProblem['code'], params: ApiProblem['params']): ApiProblem {
  return new ApiProblem({ code, status: 400, params });
}
