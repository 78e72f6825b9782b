/** What became of the wish, beside the form that stays as it was: silence, a pause with its countdown, or a refusal. */
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ApiProblem, describeProblem, type FieldError } from '../../api/problem.ts';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { errorTexts, isErrorCode } from '../../lib/error-text.ts';
import { tellHostRefusal } from '../address/host-rules.ts';
import type { CreateState } from './use-create-store.ts';

export interface FieldFaults {
  readonly name?: string;
  readonly engine?: string;
  readonly plan?: string;
  readonly host?: string;
  /** The store that has the wished name. */
  readonly takenStoreId?: string;
}

/** Sorts a refusal to the field it is about; what belongs to none stays for {@link CreateAnswer}. */
export function readFieldFaults(error: unknown): FieldFaults {
  if (!(error instanceof ApiProblem)) return {};
  const host = tellHostRefusal(error);
  if (host !== null) return { host };
  switch (error.code) {
    case 'store.name-taken': {
      const { storeId } = error.params;
      return { name: describeProblem(error), ...(typeof storeId === 'string' ? { takenStoreId: storeId } : {}) };
    }
    case 'store.name-invalid':
      return { name: describeProblem(error) };
    case 'engine.unavailable':
    case 'engine.unknown':
      return { engine: describeProblem(error) };
    default:
      return Object.fromEntries(
        error.fieldErrors
          .filter((fault) => formFields.has(fault.field))
          .map((fault) => [fault.field, tellFieldFault(fault)]),
      );
  }
}

const formFields: ReadonlySet<string> = new Set(['name', 'engine', 'plan', 'host']);

/** Our own words where the code is known; the api's sentence is the best that is left elsewhere. */
function tellFieldFault({ code, message }: FieldError): string {
  return isErrorCode(code) && code !== 'request.invalid' ? errorTexts[code].sentence({}) : message;
}

const silentAfterMs = 10_000;

export interface CreateAnswerProps {
  readonly state: CreateState;
  readonly takenStoreId: string | undefined;
  readonly onSendNow: () => void;
}

export function CreateAnswer({ state, takenStoreId, onSendNow }: CreateAnswerProps) {
  switch (state.phase) {
    case 'idle':
      return null;
    case 'sending':
      return <SlowNotice alreadySilent={state.silent} />;
    case 'waiting':
      return (
        <Notice tone="warn" announce>
          <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
            <span className="min-w-0 flex-1 basis-60">
              {state.problem.code === 'silent'
                ? 'Not confirmed yet. Trying again; this cannot make a second store.'
                : describeProblem(state.problem)}{' '}
              <Countdown until={state.nextTryAt} />
            </span>
            <Button onClick={onSendNow}>Try now</Button>
          </div>
        </Notice>
      );
    case 'answered':
      return <Refusal error={state.error} takenStoreId={takenStoreId} />;
  }
}

function SlowNotice({ alreadySilent }: { readonly alreadySilent: boolean }) {
  const [slow, setSlow] = useState(alreadySilent);
  useEffect(() => {
    const timer = window.setTimeout(() => setSlow(true), silentAfterMs);
    return () => window.clearTimeout(timer);
  }, []);
  if (!slow) return null;
  return (
    <Notice tone="warn" announce>
      Not confirmed yet. Trying again; this cannot make a second store.
    </Notice>
  );
}

function Countdown({ until }: { readonly until: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 500);
    return () => window.clearInterval(timer);
  }, []);
  return <span aria-live="off">Next try in {Math.max(0, Math.ceil((until - now) / 1_000))} s.</span>;
}

function Refusal({ error, takenStoreId }: { readonly error: unknown; readonly takenStoreId: string | undefined }) {
  if (takenStoreId !== undefined) {
    return (
      <Notice tone="info">
        The store of this name:{' '}
        <Link
          to="/stores/$storeId"
          params={{ storeId: takenStoreId }}
          className="font-semibold text-accent underline underline-offset-2"
        >
          Open it
        </Link>
      </Notice>
    );
  }
  const faults = readFieldFaults(error);
  if (Object.keys(faults).length > 0) return null;
  const requestId = error instanceof ApiProblem ? error.requestId : null;
  return (
    <Notice tone="bad" announce>
      {describeProblem(error)}
      {requestId !== null && <span className="mt-1 block text-sm text-muted">Request {requestId}</span>}
    </Notice>
  );
}
