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
  readonly log: { readonly pod: string; readonly container: string; readonly previous: boolean } | null;
}

export interface Part {
  readonly component: Component;
  readonly fault: Fault | null;
}

/** @param detail  may be the cluster's own words: it is redacted and bounded here */
export function buildPart(
  name: Component['name'],
  state: Component['state'],
  detail: string,
  fault: Fault | null = null,
): Part {
  return { component: { name, state, detail: redactLine(detail, detailMax) }, fault };
}
