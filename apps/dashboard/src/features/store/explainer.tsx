/** Why a store is in trouble: cause, meaning, what to do, evidence, details. Everything can be copied for an operator. */
import type { StoreView } from '../../api/generated/types.gen.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { roleText } from '../../components/status-pill.tsx';
import { formatExact, formatMoment } from '../../lib/format-time.ts';
import { reasonHeadlines, type StatusView } from '../../lib/status-view.ts';
import { tellAdvice, tellMeaning } from '../../lib/trouble-text.ts';

export interface ExplainerProps {
  readonly store: StoreView;
  readonly view: StatusView;
  readonly now: number;
}

const edges = {
  idle: 'border-l-edge',
  busy: 'border-l-busy',
  ready: 'border-l-ready',
  warn: 'border-l-warn',
  bad: 'border-l-bad',
} as const;

export function Explainer({ store, view, now }: ExplainerProps) {
  const { explanation, attempt } = store;
  const tone = view.role === 'busy' ? 'warn' : view.role;
  const advice = tellAdvice(store);
  return (
    <section
      aria-labelledby="explainer"
      className={`rounded-lg border border-l-4 border-line bg-surface px-4 py-4 sm:px-5 ${edges[tone]}`}
    >
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <h2 id="explainer" className={`min-w-0 flex-1 basis-60 pt-1 font-bold ${roleText[tone]}`}>
          {tellCause(store, view)}
        </h2>
        <CopyButton text={toText(store, view)} label="Copy all" look="secondary" />
      </div>
      <p className="mt-2">{tellMeaning(store)}</p>
      {advice !== null && <p className="mt-2 font-semibold">{advice}</p>}
      {explanation !== null && (
        <div className="mt-4">
          <h3 className="text-sm text-muted">
            Evidence{store.observedAt === null ? '' : `, seen at ${formatMoment(Date.parse(store.observedAt), now)}`}
          </h3>
          <p className="mt-1">
            <span className="font-mono text-sm">{explanation.object}</span>: {explanation.message}
          </p>
          <Lines title="Last lines" lines={explanation.logLines} />
          <Lines title="Events" lines={explanation.events} />
        </div>
      )}
      {attempt.failure !== null && (
        <div className="mt-4">
          <h3 className="text-sm text-muted">
            Last try, {formatMoment(Date.parse(attempt.failure.at), now)}: {attempt.startsUsed} of {attempt.startsMax}{' '}
            used
          </h3>
          <p className="mt-1 font-mono text-sm">
            {attempt.failure.code}: {attempt.failure.message}
          </p>
        </div>
      )}
    </section>
  );
}

function Lines({ title, lines }: { readonly title: string; readonly lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <>
      <h4 className="mt-3 text-sm text-muted">{title}</h4>
      <pre
        tabIndex={0}
        aria-label={title}
        className="mt-1 max-h-64 overflow-auto rounded-md bg-sunken px-3 py-2.5 font-mono text-sm whitespace-pre-wrap"
      >
        {lines.join('\n')}
      </pre>
    </>
  );
}

/** The head tells what is seen; this tells why. A try that failed has its own sentence. */
function tellCause({ status: { reason } }: StoreView, view: StatusView): string {
  const byTry = reason === 'GaveUp' || reason === 'Retrying' || reason === 'ChangeFailed';
  return byTry ? view.sentence : reasonHeadlines[reason];
}

/** What an operator needs, as plain text. Holds nothing that the page does not show. */
function toText(store: StoreView, view: StatusView): string {
  const { explanation, attempt, status } = store;
  return [
    `${store.name} (${store.id}), ${store.engine}, size ${store.plan}`,
    `${view.word}: ${view.sentence}`,
    `reason ${status.reason} since ${formatExact(Date.parse(status.since))}, wish ${store.generation}`,
    tellMeaning(store),
    explanation === null ? null : `${explanation.object}: ${explanation.message}`,
    explanation === null || explanation.logLines.length === 0
      ? null
      : ['last lines:', ...explanation.logLines].join('\n'),
    explanation === null || explanation.events.length === 0 ? null : ['events:', ...explanation.events].join('\n'),
    attempt.failure === null
      ? null
      : `last try ${formatExact(Date.parse(attempt.failure.at))}, ${attempt.startsUsed} of ${attempt.startsMax}: ${attempt.failure.code}: ${attempt.failure.message}`,
  ]
    .filter((line) => line !== null)
    .join('\n');
}
