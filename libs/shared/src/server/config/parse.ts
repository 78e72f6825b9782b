/** Turns environment variables into a frozen object, or says everything that is wrong with them at once. */
import { z } from 'zod';

export class ConfigError extends Error {
  constructor(faults: readonly string[]) {
    super(`The configuration has ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** @throws ConfigError with one line per fault */
export function parseConfig<S extends z.ZodType>(
  schema: S,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<z.infer<S>> {
  const parsed = schema.safeParse(env);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => `${issue.path.join('.') || 'environment'}: ${issue.message}`),
    );
  }
  return Object.freeze(parsed.data) as Readonly<z.infer<S>>;
}

/** Settings that every service has. */
export const commonConfigShape = {
  REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  /** `true`: start also on a Redis that may lose records. For development. */
  REDIS_ALLOW_UNSAFE: z.stringbool().default(false),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  URUMI_INSTALLATION_ID: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/, 'lower-case letters, digits and hyphens, at most 40')
    .default('urumi'),
  OPS_HOST: z.string().default('127.0.0.1'),
} as const;
