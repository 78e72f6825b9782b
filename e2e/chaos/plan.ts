/**
 * What a chaos run does, from its seed alone: which stores live which stories, and which faults come when. Stories and
 * faults are drawn from streams of their own, so that how fast a machine is changes when things meet, never what happens.
 */
import { buildRandom } from '../support/random.ts';

const stories = ['live', 'stay', 'delete-early', 'cancel', 'change', 'name-again'] as const;
/**
 * `live`: made, ready, deleted. `stay`: made, ready, there until the end of the run. `delete-early`: deleted while it is made. `cancel`: cancelled while it is made, tried again,
 * ready, deleted. `change`: ready, another size and address, ready there, deleted. `name-again`: as `delete-early`, and its name is
 * asked for at once by the next.
 */
export type Story = (typeof stories)[number];

export interface Cycle {
  readonly number: number;
  readonly owner: number;
  readonly engine: 'medusa' | 'woocommerce';
  readonly story: Story;
  /** Pause before the wish that interrupts, in milliseconds. */
  readonly lingerMs: number;
}

const faultKinds = [
  'kill worker',
  'kill worker',
  'freeze worker',
  'kill helm',
  'kill helm',
  'kill api',
  'kill reconciler',
  'kill redis',
  'cut redis',
  'cut api server',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  readonly number: number;
  readonly kind: FaultKind;
  /** Pause since the fault before, in milliseconds. */
  readonly afterMs: number;
  /** How long what was cut, frozen or killed stays so, in milliseconds. */
  readonly lastsMs: number;
  /** Picks one where there are several: a number in [0, 1). */
  readonly pick: number;
}

export function planCycles(seed: number, count: number, owners: number): Cycle[] {
  const random = buildRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const [owner, engine, story, linger] = [random(), random(), random(), random()];
    // Each owner's first store stays: what is judged afterwards needs one.
    const isFirst = index < owners;
    return {
      number: index + 1,
      owner: isFirst ? index : Math.floor(owner * owners),
      engine: engine < 0.5 ? 'medusa' : 'woocommerce',
      story: isFirst ? 'stay' : choose(stories, story),
      lingerMs: Math.round(linger * 4_000),
    };
  });
}

/** Without end: a run takes as many as fit into it. */
export function* planFaults(seed: number): Generator<Fault, never> {
  // Another stream than that of the stories.
  const random = buildRandom(seed ^ 0x5bd1e995);
  for (let number = 1; ; number += 1) {
    yield {
      number,
      afterMs: Math.round(500 + random() * 3_500),
      kind: choose(faultKinds, random()),
      lastsMs: Math.round(200 + random() ** 2 * 7_800),
      pick: random(),
    };
  }
}

function choose<T>(list: readonly [T, ...T[]], at: number): T {
  return list[Math.floor(at * list.length)] ?? list[0];
}
