/**
 * Serves the built dashboard from the api's own origin. Hashed assets are kept for good, the page itself never; unknown
 * pages get the page too, since the dashboard routes in the browser. Until it is built, a plain page says so.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import express, { Router, type Request, type Response } from 'express';
import { toMiddleware } from '../http/async-middleware.ts';
import { buildingPage } from './building-page.ts';

/** Paths that are never pages: a typing mistake below them must stay an error a program can read. */
const notPages = /^\/(api|admin|assets|healthz|livez|readyz)(\/|$)/;

/** @param directory  of the build; it may be empty or missing at first and filled while the api runs */
export function serveDashboard(directory: string): Router {
  const router = Router();
  router.use('/assets', express.static(join(directory, 'assets'), { immutable: true, maxAge: '1y', index: false }));
  router.use(express.static(directory, { index: false, cacheControl: false, setHeaders: forbidReuse }));
  router.use(toMiddleware((request, response) => servePage(directory, request, response)));
  return router;
}

async function servePage(directory: string, request: Request, response: Response): Promise<'answered' | 'next'> {
  const asksForPage = (request.method === 'GET' || request.method === 'HEAD') && request.accepts('html') !== false;
  if (!asksForPage || notPages.test(request.path)) return 'next';
  const page = await readPage(join(directory, 'index.html'));
  response.type('html').setHeader('Cache-Control', 'no-cache');
  if (page === null) response.status(503).setHeader('Retry-After', '2').send(buildingPage);
  else response.send(page);
  return 'answered';
}

async function readPage(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw error;
  }
}

function forbidReuse(response: Response): void {
  response.setHeader('Cache-Control', 'no-cache');
}
