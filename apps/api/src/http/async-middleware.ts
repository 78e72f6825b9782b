/** Middleware whose work takes time: whatever it throws goes to the problem filter, nothing is left unhandled. */
import type { Request, RequestHandler, Response } from 'express';

/** @param work  answers the request itself (`answered`) or lets it pass on (`next`) */
export function toMiddleware(
  work: (request: Request, response: Response) => Promise<'answered' | 'next'>,
): RequestHandler {
  return (request, response, next) => {
    const run = async (): Promise<void> => {
      try {
        if ((await work(request, response)) === 'next') next();
      } catch (error) {
        next(error);
      }
    };
    void run();
  };
}
