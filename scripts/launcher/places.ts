/** Where an installation made by the launcher keeps its things. Paths only; nothing is made here. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The checkout that this file belongs to. */
export const projectFolder = resolve(import.meta.dirname, '..', '..');

export interface Places {
  /** Holds everything below; survives stop and start. */
  readonly state: string;
  readonly token: string;
  /** Digests of further tokens, written by `add-token.ts`. */
  readonly tokens: string;
  readonly redisFolder: string;
  readonly redisConfig: string;
  /** Who runs here, for a second start and for the clean-up after a kill. */
  readonly running: string;
  readonly logs: string;
  readonly kubeconfigs: string;
  readonly storeValues: string;
  /** Written by people: where the archives of WooCommerce's plugin and theme are. */
  readonly woocommerce: string;
  /** There while everything is being removed, see `forgetEverything`. */
  readonly forgetting: string;
  /** Short-lived files of the services; emptied at every start. */
  readonly temporary: string;
}

export function buildPlaces(state: string): Places {
  return {
    state,
    token: join(state, 'admin-token'),
    tokens: join(state, 'tokens'),
    redisFolder: join(state, 'redis'),
    redisConfig: join(state, 'redis.conf'),
    running: join(state, 'running.json'),
    logs: join(state, 'logs'),
    kubeconfigs: join(state, 'kubeconfigs'),
    storeValues: join(state, 'store-values.json'),
    woocommerce: join(state, 'woocommerce.json'),
    forgetting: join(state, 'forgetting'),
    temporary: join(state, 'tmp'),
  };
}

/** `URUMI_STATE`, else the user's state folder. */
export function findStateFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return resolve(env['URUMI_STATE'] ?? join(env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'urumi'));
}
