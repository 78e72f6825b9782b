/** JSON logs with the service's name. What could hold a secret is redacted by path, whoever logs it. */
import { pino, type Logger } from 'pino';

export type { Logger };

const redactedPaths = [
  'password',
  'token',
  'secret',
  'authorization',
  '*.password',
  '*.token',
  '*.secret',
  '*.authorization',
  'req.headers.authorization',
  'req.headers.cookie',
];

export function buildLogger(name: string, level: string): Logger {
  return pino({ name, level, redact: { paths: redactedPaths, censor: '[redacted]' } });
}
