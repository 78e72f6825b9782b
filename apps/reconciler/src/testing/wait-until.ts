/** Waits for a condition, never for a duration. */
export async function waitUntil<T>(
  read: () => Promise<T> | T,
  isMet: (value: T) => boolean,
  { timeoutMs = 10_000, what = 'the condition' } = {},
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (isMet(value)) return value;
    if (Date.now() > end)
      throw new Error(`${what} was not met within ${timeoutMs} ms; last seen: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
