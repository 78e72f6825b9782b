/** Refuses every route without a good token, unless the route is marked public. New routes are closed by default. */
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { readRequestId } from '../http/request-id.ts';
import { rememberCaller } from './caller.ts';
import { parseBearer } from './credentials.ts';
import { Gatekeeper } from './gatekeeper.ts';
import { publicMetadata } from './public.decorator.ts';

@Injectable()
export class TokenGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly gatekeeper: Gatekeeper,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const isPublic = this.reflector.getAllAndOverride<boolean>(publicMetadata, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (isPublic) return true;
    const request = context.switchToHttp().getRequest<Request>();
    const admitted = await this.gatekeeper.admit(parseBearer(request.headers.authorization), request.ip ?? 'unknown');
    rememberCaller(request, { ...admitted, requestId: readRequestId(request) });
    return true;
  }
}
