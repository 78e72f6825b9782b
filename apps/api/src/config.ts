/** The api's only door to the environment: read once, checked as a whole, frozen. */
import { readFileSync } from 'node:fs';
import { engineIds, type EngineId } from '@urumi/shared/domain/engines/catalog';
import { commonConfigShape, parseConfig } from '@urumi/shared/server/config/parse';
import { z } from 'zod';
import { digestToken, type TokenDigest } from './auth/token-digest.ts';

/** Injection token of {@link ApiConfig}. */
export const apiConfig = Symbol('ApiConfig');

const port = z.coerce.number().int().min(0).max(65_535);

const schema = z
  .object({
    ...commonConfigShape,
    HTTP_HOST: z.string().default('127.0.0.1'),
    HTTP_PORT: port.default(3000),
    /** Metrics and probes on a port of their own; without it they are off. */
    OPS_PORT: port.optional(),
    URUMI_BASE_DOMAIN: z.string().min(1).default('localhost'),
    URUMI_ADMIN_TOKEN_FILE: z.string().min(1).transform(readTokenDigest),
    /** Tokens of further owners; it may come later, and is read again when it changes. */
    URUMI_TOKENS_FILE: z.string().min(1).optional(),
    URUMI_STORES_MAX: z.coerce.number().int().min(0).default(50),
    /** Absent: what is known at run time counts. `{}`: every engine is available. */
    URUMI_ENGINES_UNAVAILABLE: z.string().optional().transform(parseUnavailable),
    /** Wrong tokens one address may try in a minute. */
    URUMI_FAILED_LOGINS_MAX: z.coerce.number().int().min(1).default(30),
    STORE_SCHEME: z.enum(['http', 'https']).default('http'),
    STORE_PORT: port.default(8080),
    /** Folder of the built dashboard; without it the api serves no pages. */
    DASHBOARD_DIR: z.string().min(1).optional(),
  })
  .transform((env) => ({
    redisUrl: env.REDIS_URL,
    allowUnsafeRedis: env.REDIS_ALLOW_UNSAFE,
    logLevel: env.LOG_LEVEL,
    http: { host: env.HTTP_HOST, port: env.HTTP_PORT },
    ops: env.OPS_PORT === undefined ? null : { host: env.OPS_HOST, port: env.OPS_PORT },
    baseDomain: env.URUMI_BASE_DOMAIN,
    adminToken: env.URUMI_ADMIN_TOKEN_FILE,
    tokensFile: env.URUMI_TOKENS_FILE ?? null,
    storesMax: env.URUMI_STORES_MAX,
    enginesUnavailable: env.URUMI_ENGINES_UNAVAILABLE,
    failedLoginsMax: env.URUMI_FAILED_LOGINS_MAX,
    storeAddress: { scheme: env.STORE_SCHEME, port: env.STORE_PORT },
    dashboardDir: env.DASHBOARD_DIR ?? null,
  }));

export type ApiConfig = Readonly<z.infer<typeof schema>>;

/** @throws ConfigError naming every fault at once */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): ApiConfig {
  return parseConfig(schema, env);
}

/** The token itself is forgotten at once; only its digest stays in memory. */
function readTokenDigest(path: string, context: z.RefinementCtx): TokenDigest {
  try {
    const token = readFileSync(path, 'utf8').trim();
    if (token.length >= 20) return digestToken(token);
    context.addIssue('the token in this file is shorter than 20 characters');
  } catch (error) {
    context.addIssue(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return z.NEVER;
}

function parseUnavailable(
  text: string | undefined,
  context: z.RefinementCtx,
): Partial<Record<EngineId, string>> | null {
  if (text === undefined || text.trim() === '') return null;
  try {
    return z.partialRecord(z.enum(engineIds), z.string().min(1)).parse(JSON.parse(text));
  } catch {
    context.addIssue('must be a JSON object from engine id to reason, such as {"woocommerce": "Not on this cluster."}');
    return z.NEVER;
  }
}
