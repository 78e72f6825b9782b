/** What is said of a wished address that is no text, or far too long to be one. */
export const hostShapeSentence = 'An address is sent as text of at most 253 characters.';
