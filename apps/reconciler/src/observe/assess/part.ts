/** What is said about one part of a store: its state for people and, where something is wrong, the fault with its object. */
import type { Component, Reason } from '@urumi/shared/domain/verdict';
import { redactLine } from '../redact.ts';

const detailMax = 200;

/** A named thing in the way. `message` is as the cluster says it: bounded and redacted only when it is explained. */
export interface Fault {
  readonly reason: Reason;
  /** As people name objects: `Pod store-server-0`. */
  readonly object: string;
  readonly message: string;
  /** Container whose log shows the cause. */
  readonly log: LogPlace | null;
}

export interface LogPlace {
  readonly pod: string;
  readonly container: string;
  /** The log of the container's earlier life. */
  readonly previous: boolean;
  /** Only what was said lately counts: the container runs, and what it said before may be mended. */
  readonly recent: boolean;
}

export interface Part {
  readonly component: Component;
  readonly fault: Fault | null;
  /** A container that runs and is not ready: if it knows why, its log says so. */
  readonly unready: LogPlace | null;
}

/** @param detail  may be the cluster's own words: it is redacted and bounded here */
export function buildPart(
  name: Component['name'],
  state: Component['state'],
  detail: string,
  fault: Fault | null = null,
  unready: LogPlace | null = null,
): Part {
  return { component: { name, state, detail: redactLine(detail, detailMax) }, fault, unready };
}
