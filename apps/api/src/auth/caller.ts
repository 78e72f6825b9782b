/** Who is asking. The guard puts it on the request, handlers read it with `@Caller()`. */
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { assertInvariant } from '@urumi/shared/domain/errors';
import type { Request } from 'express';

export const roles = ['admin', 'member'] as const;
export type Role = (typeof roles)[number];

export interface CallerIdentity {
  readonly name: string;
  /** Owner of the stores this caller sees and makes. */
  readonly owner: string;
  /** `admin` for the admin token alone; a member sees and makes the stores of one owner. */
  readonly role: Role;
  /** Follows the wish into queue and logs. */
  readonly requestId: string;
}

const callers = new WeakMap<Request, CallerIdentity>();

export function rememberCaller(request: Request, caller: CallerIdentity): void {
  callers.set(request, caller);
}

/** The caller the guard let in. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): CallerIdentity => {
  const caller = callers.get(context.switchToHttp().getRequest<Request>());
  assertInvariant(caller, 'a handler that asks for its caller is behind the guard');
  return caller;
});
