/**
 * Runs helm: as the store's installer, under a guard, values on stdin, its stdout never read (it can hold secrets). Helm
 * applies and returns; it waits for nothing and runs no hooks.
 */
import { execa } from 'execa';
import type { Readable } from 'node:stream';
import { parse } from 'yaml';
import { z } from 'zod';
import { DomainError } from '@urumi/shared/domain/errors';
import { releaseName } from '@urumi/shared/k8s/names';
import { classifyHelmFailure, type HelmFailure } from './classify-failure.ts';
import type { PrivateFolder } from './private-folder.ts';
import { buildReleaseLabels } from './release-state.ts';
import type { StoreValues } from './values.ts';

export interface HelmOptions {
  readonly bin: string;
  /** Folder or archive of the store chart. */
  readonly chart: string;
  readonly kubeconfig: string;
  readonly timeoutMs: number;
  /** Private folder for helm's caches and temporary files. */
  readonly folder: PrivateFolder;
  readonly searchPath: string;
}

/** The process that starts helm and ends it when its deadlines stop. */
export interface Guard {
  /** Command and first arguments; helm's own follow. */
  readonly command: readonly [string, ...string[]];
  /** Deadlines, a line each, for the guard's descriptor 3. */
  readonly deadlines: Readable;
  /** Gives no more deadlines: the guard ends helm within a second. */
  readonly end: () => void;
}

export interface Upgrade {
  readonly namespace: string;
  readonly asUser: string;
  readonly generation: number;
  /** Number of the revision that this run will make. */
  readonly revision: number;
  readonly chartVersion: string;
  readonly values: StoreValues;
  readonly guard: Guard;
  readonly signal: AbortSignal;
}

/** After SIGTERM helm marks its release as failed and leaves; then it is ended. */
const endGraceMs = 10_000;
const stderrBytesMax = 10_000_000;
const chartTimeoutMs = 30_000;

const chartSchema = z.object({ version: z.string().min(1) });

export class Helm {
  readonly #options: HelmOptions;
  #chartVersion: Promise<string> | null = null;

  constructor(options: HelmOptions) {
    this.#options = options;
  }

  /**
   * Version of the chart, read once; asked for early, a store need not wait for it.
   * @throws DomainError `cluster.unreachable` where helm is not there yet, `helm.unclassified` where it cannot read the chart
   */
  async readChartVersion(): Promise<string> {
    this.#chartVersion ??= this.#showChart().catch((error: unknown) => {
      this.#chartVersion = null;
      throw error;
    });
    return this.#chartVersion;
  }

  /**
   * `helm upgrade --install` of one store.
   * @throws DomainError `helm.*`, `cluster.*`; the signal's reason where it is aborted
   *
   * Safe to repeat: the same values give the same objects.
   */
  async upgrade(upgrade: Upgrade): Promise<void> {
    const { chart, timeoutMs } = this.#options;
    const { guard, signal } = upgrade;
    const args = [
      'upgrade',
      releaseName,
      chart,
      '--install',
      `--namespace=${upgrade.namespace}`,
      `--kube-as-user=${upgrade.asUser}`,
      `--labels=${buildReleaseLabels(upgrade)}`,
      '--values=-',
      '--reset-values',
      '--server-side=true',
      '--force-conflicts',
      '--history-max=3',
      '--no-hooks',
      '--disable-openapi-validation',
      '--hide-notes',
    ];
    const timeout = AbortSignal.timeout(timeoutMs);
    const ending = AbortSignal.any([signal, timeout]);
    const endForGood = (): void => {
      setTimeout(guard.end, endGraceMs).unref();
    };
    ending.addEventListener('abort', endForGood, { once: true });
    const [command, ...guardArgs] = guard.command;
    const result = await execa(command, [...guardArgs, this.#options.bin, ...args], {
      cancelSignal: ending,
      killDescendants: true,
      forceKillAfterDelay: endGraceMs + 2_000,
      stdio: ['pipe', 'ignore', 'pipe', ['pipe', guard.deadlines]],
      buffer: { fd3: false },
      input: JSON.stringify(upgrade.values),
      maxBuffer: stderrBytesMax,
      extendEnv: false,
      env: this.#buildEnvironment(),
      reject: false,
    });
    ending.removeEventListener('abort', endForGood);
    await this.#options.folder.trim();
    signal.throwIfAborted();
    if (timeout.aborted) throw new DomainError('helm.timed-out', { timeoutMs }, { message: 'Helm took too long' });
    if (result.exitCode !== 0) throw classifyHelmFailure(toHelmFailure(result));
  }

  async #showChart(): Promise<string> {
    const { bin, chart } = this.#options;
    const result = await execa(bin, ['show', 'chart', chart], {
      timeout: chartTimeoutMs,
      killDescendants: true,
      extendEnv: false,
      env: this.#buildEnvironment(),
      stdin: 'ignore',
      reject: false,
    });
    if (result.exitCode !== 0) throw classifyHelmFailure(toHelmFailure(result));
    const parsed = chartSchema.safeParse(parse(result.stdout));
    if (!parsed.success)
      throw new DomainError('helm.unclassified', {}, { message: 'The store chart names no version' });
    return parsed.data.version;
  }

  #buildEnvironment(): Record<string, string> {
    const { folder, kubeconfig, searchPath } = this.#options;
    return {
      PATH: searchPath,
      HOME: folder.path,
      TMPDIR: folder.path,
      KUBECONFIG: kubeconfig,
      HELM_CACHE_HOME: `${folder.path}/cache`,
      HELM_CONFIG_HOME: `${folder.path}/config`,
      HELM_DATA_HOME: `${folder.path}/data`,
      NO_COLOR: '1',
    };
  }
}

/** How helm, or the guard before it, ended. */
function toHelmFailure(result: {
  readonly exitCode?: number;
  readonly signal?: string;
  readonly code?: string;
  readonly stderr?: unknown;
}): HelmFailure {
  const missing = result.code === 'ENOENT' || result.exitCode === 126 || result.exitCode === 127;
  const signalled = result.signal !== undefined || result.exitCode === 137 || result.exitCode === 143;
  const ending = missing ? 'not-started' : signalled ? 'signalled' : 'exited';
  return { ending, stderr: typeof result.stderr === 'string' ? result.stderr : '' };
}
