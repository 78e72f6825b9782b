/** A sentence that stays in the page: an error beside what failed, or a fact that changes a decision. */
import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

const looks = {
  info: { box: 'border-line bg-idle-soft', icon: <Info aria-hidden="true" />, tint: 'text-idle' },
  warn: { box: 'border-transparent bg-warn-soft', icon: <TriangleAlert aria-hidden="true" />, tint: 'text-warn' },
  bad: { box: 'border-transparent bg-bad-soft', icon: <CircleAlert aria-hidden="true" />, tint: 'text-bad' },
} as const;

export interface NoticeProps {
  readonly tone: keyof typeof looks;
  readonly children: ReactNode;
  /** True where it appears as the answer to an action. */
  readonly announce?: boolean;
}

export function Notice({ tone, children, announce = false }: NoticeProps) {
  const { box, icon, tint } = looks[tone];
  return (
    <div role={announce ? 'alert' : undefined} className={`flex gap-3 rounded-md border px-4 py-3 ${box}`}>
      <span className={`mt-0.5 shrink-0 [&_svg]:size-4.5 ${tint}`}>{icon}</span>
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}
