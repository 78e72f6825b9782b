/** One line per request: who, what, how it ended, how long it took. Never headers or bodies: they can hold tokens. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@urumi/shared/server/ops/logger';
import { pinoHttp, type HttpLogger } from 'pino-http';
import { readRequestId } from './request-id.ts';

export function logRequests(logger: Logger): HttpLogger {
  return pinoHttp({
    logger,
    genReqId: readRequestId,
    serializers: {
      req: ({ id, method, url, remoteAddress }: { id: string; method: string; url: string; remoteAddress: string }) => {
        return { id, method, url, remoteAddress };
      },
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
    },
    customLogLevel: chooseLevel,
  });
}

/** Dashboards poll every few seconds; reading that goes well is worth a line only when debugging. */
function chooseLevel(request: IncomingMessage, response: ServerResponse, error?: Error): 'error' | 'info' | 'debug' {
  if (error !== undefined || response.statusCode >= 500) return 'error';
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  return isRead && response.statusCode < 400 ? 'debug' : 'info';
}
