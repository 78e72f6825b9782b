import { describe, expect, it } from 'vitest';
import { forgetIdempotencyKey, keyFor } from './idempotency.ts';

describe('the idempotency key', () => {
  const content = { name: 'Corner Books', engine: 'medusa', plan: 'S' };

  it('is the same for the same content, over a reload of the page', () => {
    expect(keyFor(content)).toBe(keyFor({ ...content }));
    expect(keyFor(content)).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is another one for other content and after the answer', () => {
    const first = keyFor(content);
    expect(keyFor({ ...content, plan: 'M' })).not.toBe(first);
    const third = keyFor({ ...content, host: 'corner' });
    expect(keyFor({ ...content, host: 'books' })).not.toBe(third);
    const second = keyFor(content);
    forgetIdempotencyKey();
    expect(keyFor(content)).not.toBe(second);
  });

  it('a damaged memory makes a new key', () => {
    window.sessionStorage.setItem('urumi-create-key', '{');
    expect(keyFor(content)).toMatch(/^[0-9a-f]{32}$/);
  });
});
