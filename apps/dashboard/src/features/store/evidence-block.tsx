/** What was seen at the failing object: message, command for an administrator, last log lines, events. */
import { CodeLine } from '../../components/code-line.tsx';
import type { Evidence } from '../../lib/trouble-view.ts';

export function EvidenceBlock({ evidence }: { readonly evidence: Evidence }) {
  return (
    <>
      <h3 className="text-sm text-muted">{evidence.heading}</h3>
      <p className="mt-1">
        <span className="font-mono text-sm">{evidence.object}</span>: {evidence.message}
      </p>
      {evidence.command !== null && <CodeLine code={evidence.command} label="Copy command" />}
      <Lines title="Last lines" lines={evidence.logLines} />
      <Lines title="Events" lines={evidence.events} />
    </>
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
