/** What a person must know when a shop's program cannot work: a code the platform knows, and a sentence with the next step. */

export type CauseCode = 'PasswordRefused' | 'VolumeFull' | 'DataLost' | 'InputBad';

/** A cause that is known. Its message is a sentence for people and holds no secret. */
export class Cause extends Error {
  override name = 'Cause';
  readonly code: CauseCode;

  constructor(code: CauseCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Settings, products or secrets that no second try can repair. */
export class BadInput extends Cause {
  override name = 'BadInput';

  constructor(message: string) {
    super('InputBad', message);
  }
}

/** The exit code the setup Job's podFailurePolicy knows: trying again cannot help. */
export const badInputExitCode = 42;

/** The one line by which the platform finds a cause among a program's other lines. */
export function causeLine({ code, message }: Cause): string {
  return `urumi: cause=${code}: ${message.replaceAll(/\s+/g, ' ')}\n`;
}
