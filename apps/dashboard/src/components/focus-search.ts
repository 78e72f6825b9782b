/** Moves focus into the search of the store list, wherever the request came from. */
export const searchInputId = 'store-search';

export function focusSearch(): void {
  // The list may have been rendered by the same key stroke.
  window.requestAnimationFrame(() => {
    const input = document.getElementById(searchInputId);
    if (input instanceof HTMLInputElement) {
      input.focus();
      input.select();
    }
  });
}
