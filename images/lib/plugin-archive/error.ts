/** What is wrong with a plugin or theme archive. */
export type PluginArchiveCode =
  | 'missing'
  | 'unreachable'
  | 'tooLarge'
  | 'needsChecksum'
  | 'wrongChecksum'
  | 'corrupt'
  | 'unsafe'
  | 'notWooCommerce'
  | 'notATheme'
  | 'tooOld'
  | 'tooNew';

/** The message is one sentence for the operator: what is wrong and what to do. */
export class PluginArchiveError extends Error {
  override name = 'PluginArchiveError';
  readonly code: PluginArchiveCode;

  constructor(code: PluginArchiveCode, message: string) {
    super(message);
    this.code = code;
  }
}
