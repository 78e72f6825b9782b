/** The exit code the setup Job's podFailurePolicy knows: trying again cannot help. */
export const badInputExitCode = 42;

/** Settings, products or secrets that no second try can repair. Its message is a sentence for the person who wrote them. */
export class BadInput extends Error {
  override name = 'BadInput';
}
