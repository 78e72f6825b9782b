/** Every error that leaves the api does so here, as problem+json. */
import { Catch, Injectable, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { PinoLogger } from 'nestjs-pino';
import { toProblem } from './problem.ts';
import { readRequestId } from './request-id.ts';

@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: PinoLogger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<Request>(), http.getResponse<Response>());
  }

  /** Also for middleware, which runs outside Nest's own error handling. */
  answer(error: unknown, request: Request, response: Response, headers: Readonly<Record<string, string>> = {}): void {
    const problem = toProblem(error, readRequestId(request));
    if (problem.isOurFault) this.logger.error({ err: error, requestId: problem.body.requestId }, 'a request failed');
    if (response.headersSent) {
      // Half an answer cannot become an error; cutting it is the only honest end.
      response.destroy();
      return;
    }
    response.status(problem.body.status);
    for (const [name, value] of Object.entries({ ...problem.headers, ...headers })) response.setHeader(name, value);
    response.type('application/problem+json').send(JSON.stringify(problem.body));
  }
}
