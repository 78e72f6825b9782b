/** Says every few seconds that this api takes requests. Workers need it to judge a connection to the api that fails. */
import { isDomainError } from '@urumi/shared/domain/errors';
import type { Logger } from '@urumi/shared/server/ops/logger';
import { listeningEveryMs, type ProtectionBoard } from '@urumi/shared/server/store/protection-board';

/** @returns ends it */
export function keepSayingListening(board: Pick<ProtectionBoard, 'sayListening'>, logger: Logger): () => void {
  const say = (): void =>
    void board.sayListening().catch((error: unknown) => {
      if (isDomainError(error)) return; // Redis is away: the probes tell it, and the next turn tries again.
      logger.warn({ err: error }, 'the sign of life could not be written');
    });
  say();
  const timer = setInterval(say, listeningEveryMs);
  return () => clearInterval(timer);
}
