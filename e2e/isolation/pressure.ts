/** What a hostile pod does to its node, from inside a shop's own container. Each is bounded in number and time. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestPlatform } from '../support/platform.ts';

export interface Victim {
  readonly namespace: string;
  /** Deployment whose container is taken over. */
  readonly component: string;
  readonly program: 'node' | 'php';
}

export interface Pressure {
  readonly name: string;
  /** For how long it is kept up. */
  readonly seconds: number;
  readonly command: (program: Victim['program']) => readonly string[];
  /** What it counts up to where nothing stops it. */
  readonly bound: number;
  /** What must stop it; nothing stops a busy loop, it only gets its share. */
  readonly end: 'nothing' | 'a refusal' | 'the end of the process' | 'a refusal or an eviction';
}

/** Time to go after the end of the input. */
const goingMs = 5_000;
const megabytes = 2_048;
const processes = 1_500;
/** More than any temporary folder of a shop may hold. */
const diskMegabytes = 768;

export const pressures: readonly Pressure[] = [
  {
    name: 'processor: eight busy loops',
    seconds: 10,
    command: () => shell('i=0; while [ $i -lt 8 ]; do (while :; do :; done) & i=$((i+1)); done; echo 8'),
    bound: 8,
    end: 'nothing',
  },
  {
    name: `processes: up to ${processes}`,
    seconds: 8,
    // They wait for an input that never comes, and end with it.
    command: () =>
      shell(`exec 3<&0; i=0; while [ $i -lt ${processes} ]; do (read end <&3) & i=$((i+1)); echo $i; done`),
    bound: processes,
    end: 'a refusal',
  },
  {
    name: `memory: up to ${megabytes} MB`,
    seconds: 10,
    command: (program) =>
      program === 'node'
        ? [
            'node',
            '-e',
            `const kept = []; while (kept.length < ${megabytes}) console.log(kept.push(Buffer.alloc(1 << 20, 1)))`,
          ]
        : [
            'php',
            '-d',
            'memory_limit=-1',
            '-r',
            `$kept = []; while (count($kept) < ${megabytes}) { $kept[] = str_repeat('x', 1 << 20); echo count($kept), "\\n"; }`,
          ],
    bound: megabytes,
    end: 'the end of the process',
  },
  {
    name: `disk: up to ${diskMegabytes} MB in the temporary folder`,
    seconds: 15,
    command: (program) =>
      program === 'node'
        ? [
            'node',
            '-e',
            `const { openSync, writeSync } = require('fs'); const file = openSync('/tmp/filler', 'w');
             const block = Buffer.alloc(1 << 20, 1); let count = 0;
             const write = () => { if (count >= ${diskMegabytes}) return; writeSync(file, block); console.log(++count); setTimeout(write, 5); };
             write();`,
          ]
        : [
            'php',
            '-r',
            `$file = fopen('/tmp/filler', 'w'); $block = str_repeat('x', 1 << 20); $count = 0;
             while ($count < ${diskMegabytes} && fwrite($file, $block) === strlen($block)) { echo ++$count, "\\n"; usleep(5000); }`,
          ],
    bound: diskMegabytes,
    end: 'a refusal or an eviction',
  },
];

/** However it ends, a fork that was refused included, it waits for the end of its input and takes its children along. */
function shell(script: string): readonly string[] {
  return ['sh', '-c', `trap 'read end; kill -9 0' EXIT; ${script}`];
}

export interface Pressed {
  /** How far it came: the last number that was heard of it. */
  readonly reached: number;
  /** How it ended; 137: killed for the memory it took, or with its pod; null: only a kill of our client ended it. */
  readonly exitCode: number | null;
  readonly complaint: string;
}

/** Runs it until it ends by itself or its time is over. */
export async function press(t: Pick<TestPlatform, 'cluster'>, victim: Victim, pressure: Pressure): Promise<Pressed> {
  const { namespace, component, program } = victim;
  const exec = ['exec', '-i', '--namespace', namespace, `deployment/store-${component}`, '--'];
  const child = spawn(
    join(t.cluster.binDir, 'kubectl'),
    ['--kubeconfig', t.cluster.kubeconfig, ...exec, ...pressure.command(program)],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  child.stdin.on('error', () => undefined); // the container ended first
  // The end of its input is what ends it: a killed client would leave its processes in the container.
  const timers = [
    setTimeout(() => child.stdin.end(), pressure.seconds * 1_000),
    setTimeout(() => child.kill('SIGKILL'), pressure.seconds * 1_000 + goingMs),
  ];
  const ended = once(child, 'close') as Promise<[number | null]>;
  const [output, complaint, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  timers.forEach(clearTimeout);
  return { reached: Number(output.trim().split('\n').at(-1) ?? 0), exitCode, complaint: complaint.trim().slice(-300) };
}
