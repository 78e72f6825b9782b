/** What stands where content would: nothing yet, nothing found, or a load that failed. Always a sentence and one action. */
import type { ReactNode } from 'react';

export interface BlankProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  readonly art?: ReactNode;
  /** The main heading of the page, where nothing else is. */
  readonly main?: boolean;
}

export function Blank({ title, children, action, art, main = false }: BlankProps) {
  const Heading = main ? 'h1' : 'h2';
  return (
    <div className="flex flex-col items-center px-6 py-16 text-center">
      {art !== undefined && <div className="mb-5 text-muted [&_svg]:size-9">{art}</div>}
      <Heading className="text-lg font-bold">{title}</Heading>
      {children !== undefined && <div className="mt-2 max-w-110 text-muted">{children}</div>}
      {action !== undefined && <div className="mt-6">{action}</div>}
    </div>
  );
}
