/** Before each page test: what jsdom has less than a browser, and a clean slate after each test. */
import { cleanup, configure } from '@testing-library/react';
import { afterEach, beforeEach } from 'vitest';

// Waits end when the text is there; a busy machine just takes longer.
configure({ asyncUtilTimeout: 8_000 });

beforeEach(() => {
  window.scrollTo = () => undefined;
  Element.prototype.scrollIntoView = () => undefined;
  // Base UI waits for running animations before it unmounts a popup; jsdom has none.
  Element.prototype.getAnimations = () => [];
});

afterEach(() => {
  cleanup();
  window.sessionStorage.clear();
  window.localStorage.clear();
});
