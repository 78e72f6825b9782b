/** Security headers. The dashboard needs nothing inline; the queue board styles itself, so it alone may. */
import type { RequestHandler } from 'express';
import helmet from 'helmet';

const strict = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'"],
  scriptSrcAttr: ["'none'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'"],
  connectSrc: ["'self'"],
  objectSrc: ["'none'"],
  baseUri: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
};

export function setSecurityHeaders(): RequestHandler {
  return buildHeaders(strict);
}

/** The board's stylesheet sets `style` elements at run time; scripts stay as strict. */
export function setBoardHeaders(): RequestHandler {
  return buildHeaders({ ...strict, styleSrc: ["'self'", "'unsafe-inline'"] });
}

function buildHeaders(directives: Record<string, string[]>): RequestHandler {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'same-origin' },
    // TLS ends in front of the api, and shops live below the same domain: whoever ends it decides about HSTS.
    strictTransportSecurity: false,
  });
}
