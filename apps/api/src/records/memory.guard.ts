/**
 * Turns new wishes away while Redis is nearly full: a full one would refuse the renewals of running attempts too. What
 * frees memory, or ends work, goes on: deletions, and routes marked with {@link FreesMemory}.
 */
import { Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError } from '@urumi/shared/domain/errors';
import { fullFromRatio, isFull, MemoryReader } from '@urumi/shared/server/redis/memory';
import type { Request } from 'express';

const freesMemoryMetadata = 'urumi:frees-memory';

/** Marks a route that must work on a full Redis although it changes something. DELETE needs no mark. */
export const FreesMemory = (): MethodDecorator => SetMetadata(freesMemoryMetadata, true);

const takingMethods: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

@Injectable()
export class MemoryGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly memory: MemoryReader,
  ) {}

  /** @throws DomainError `redis.full`, `redis.unavailable` */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (!takingMethods.has(context.switchToHttp().getRequest<Request>().method)) return true;
    if (this.reflector.get<boolean | undefined>(freesMemoryMetadata, context.getHandler())) return true;
    const use = await this.memory.read();
    if (!isFull(use)) return true;
    throw new DomainError('redis.full', {
      usedPercent: Math.round(use.ratio * 100),
      limitPercent: fullFromRatio * 100,
    });
  }
}
