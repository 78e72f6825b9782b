/**
 * The queue board (Bull Board). It is Express middleware that no guard sees, so it brings its own lock: the admin token
 * as Bearer or as password of HTTP Basic. Read-only: every method that could change something is refused here.
 */
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import { DomainError, isDomainError } from '@urumi/shared/domain/errors';
import { withinDeadline } from '@urumi/shared/server/redis/connection';
import { Router, type Request, type Response } from 'express';
import { parseBasicPassword, parseBearer } from '../auth/credentials.ts';
import type { Gatekeeper } from '../auth/gatekeeper.ts';
import { toMiddleware } from '../http/async-middleware.ts';
import type { ProblemFilter } from '../http/problem.filter.ts';
import { setBoardHeaders } from '../http/security-headers.ts';
import type { RedisConnection } from '../records/records.module.ts';
import type { StoreQueue } from './store-queue.ts';

export const boardPath = '/admin/queues';

/** Makes browsers open their own password dialog. */
const askForPassword = { 'WWW-Authenticate': 'Basic realm="Urumi queues", charset="UTF-8"' };

const pingDeadlineMs = 500;

export interface BoardParts {
  readonly queue: StoreQueue;
  readonly redis: RedisConnection;
  readonly gatekeeper: Gatekeeper;
  readonly problems: ProblemFilter;
}

/** The whole of {@link boardPath}: headers, lock, read-only rule, board. */
export function buildBoard({ queue, redis, gatekeeper, problems }: BoardParts): Router {
  const adapter = new ExpressAdapter();
  adapter.setBasePath(boardPath);
  createBullBoard({
    queues: [new BullMQAdapter(queue, { readOnlyMode: true, description: 'One job means: look at this store' })],
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'Urumi queues' } },
  });

  const enter = async (request: Request, response: Response): Promise<'answered' | 'next'> => {
    const { authorization } = request.headers;
    try {
      const token = parseBearer(authorization) ?? parseBasicPassword(authorization);
      const { role } = await gatekeeper.admit(token, request.ip ?? 'unknown');
      if (role !== 'admin') throw new DomainError('auth.forbidden');
      if (request.method !== 'GET' && request.method !== 'HEAD') throw new DomainError('request.route-unknown');
      // The board itself would wait for Redis without end.
      await withinDeadline(redis.ping(), pingDeadlineMs);
      return 'next';
    } catch (error) {
      const isLockedOut = isDomainError(error) && error.kind === 'denied' && error.code !== 'auth.forbidden';
      problems.answer(error, request, response, isLockedOut ? askForPassword : {});
      return 'answered';
    }
  };

  const router = Router();
  router.use(setBoardHeaders());
  router.use(toMiddleware(enter));
  router.use(adapter.getRouter() as Router);
  return router;
}
