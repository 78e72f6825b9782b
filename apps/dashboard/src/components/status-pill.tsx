/**
 * A status by icon, word and colour. Filled while its proof is fresh; dashed with a clock when it is only the last known
 * state, never "unknown".
 */
import {
  ArchiveX,
  Ban,
  CircleCheck,
  ClockAlert,
  Hourglass,
  LoaderCircle,
  OctagonX,
  Trash2,
  TriangleAlert,
  type LucideIcon,
} from 'lucide-react';
import type { StatusIconName, StatusRole, StatusView } from '../lib/status-view.ts';

const icons: Readonly<Record<StatusIconName, LucideIcon>> = {
  hourglass: Hourglass,
  'loader-circle': LoaderCircle,
  'circle-check': CircleCheck,
  'triangle-alert': TriangleAlert,
  'octagon-x': OctagonX,
  ban: Ban,
  'trash-2': Trash2,
  'archive-x': ArchiveX,
};

const filled: Readonly<Record<StatusRole, string>> = {
  idle: 'border-transparent bg-idle-soft text-idle',
  busy: 'border-transparent bg-busy-soft text-busy',
  ready: 'border-transparent bg-ready-soft text-ready',
  warn: 'border-transparent bg-warn-soft text-warn',
  bad: 'border-transparent bg-bad-soft text-bad',
};

export const roleText: Readonly<Record<StatusRole, string>> = {
  idle: 'text-idle',
  busy: 'text-busy',
  ready: 'text-ready',
  warn: 'text-warn',
  bad: 'text-bad',
};

export interface StatusPillProps {
  readonly view: Pick<StatusView, 'word' | 'icon' | 'role'>;
  /** True: the proof is too old to trust. */
  readonly lastKnown?: boolean;
}

export function StatusPill({ view, lastKnown = false }: StatusPillProps) {
  const Icon = lastKnown ? ClockAlert : icons[view.icon];
  const turning = view.icon === 'loader-circle' && !lastKnown;
  const look = lastKnown ? `border-dashed border-edge ${roleText[view.role]}` : filled[view.role];
  return (
    <span
      className={`inline-flex h-6 w-fit items-center gap-1.5 rounded-full border pr-2.5 pl-2 text-sm font-semibold whitespace-nowrap ${look}`}
    >
      <Icon className={`size-3.5 shrink-0 ${turning ? 'animate-turn' : ''}`} strokeWidth={2.25} aria-hidden="true" />
      {lastKnown && <span className="sr-only">Last known: </span>}
      {view.word}
    </span>
  );
}
