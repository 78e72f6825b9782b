/** A menu behind an icon button. */
import { Menu as Base } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { iconButtonClass } from './icon-button.tsx';

export interface MenuProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly children: ReactNode;
}

const itemClass =
  'flex min-h-9 w-full items-center gap-3 rounded-sm px-2.5 py-1.5 text-left outline-none select-none pointer-coarse:min-h-11 ' +
  'data-highlighted:bg-sunken data-disabled:text-muted [&_svg]:size-4 [&_svg]:shrink-0';

export function Menu({ label, icon, children }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger aria-label={label} className={iconButtonClass}>
        {icon}
      </Base.Trigger>
      {/* Inside the landmark, so that no content of the page stands outside of one. */}
      <Base.Portal container={document.getElementById('content')}>
        <Base.Positioner align="end" sideOffset={6} collisionPadding={8} className="z-30 outline-none">
          <Base.Popup className="popup max-h-(--available-height) max-w-[min(20rem,calc(100vw-1rem))] min-w-56 overflow-y-auto rounded-md border border-line bg-raised p-1.5 shadow-float outline-none">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export function MenuItem({
  icon,
  children,
  onSelect,
  bad = false,
}: {
  readonly icon: ReactNode;
  readonly children: ReactNode;
  readonly onSelect: () => void;
  readonly bad?: boolean;
}) {
  return (
    <Base.Item onClick={onSelect} className={`${itemClass} ${bad ? 'text-bad' : ''}`}>
      {icon}
      {children}
    </Base.Item>
  );
}

export function MenuLink({
  icon,
  children,
  href,
}: {
  readonly icon: ReactNode;
  readonly children: ReactNode;
  readonly href: string;
}) {
  return (
    <Base.LinkItem href={href} target="_blank" rel="noreferrer" className={itemClass}>
      {icon}
      {children}
    </Base.LinkItem>
  );
}

export interface MenuChoice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly icon: ReactNode;
}

export function MenuChoices<T extends string>({
  label,
  value,
  choices,
  onChoose,
}: {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly MenuChoice<T>[];
  readonly onChoose: (value: T) => void;
}) {
  return (
    <Base.RadioGroup value={value} onValueChange={onChoose}>
      <Base.GroupLabel className="px-2.5 pt-1.5 pb-1 text-sm text-muted">{label}</Base.GroupLabel>
      {choices.map((choice) => (
        <Base.RadioItem key={choice.value} value={choice.value} className={itemClass}>
          {choice.icon}
          <span className="flex-1">{choice.label}</span>
          <Base.RadioItemIndicator>
            <Check aria-hidden="true" />
          </Base.RadioItemIndicator>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  );
}

export function MenuLine() {
  return <Base.Separator className="mx-1 my-1.5 h-px bg-line" />;
}

export function MenuNote({ children }: { readonly children: ReactNode }) {
  return <p className="px-2.5 pt-0.5 pb-1.5 text-sm text-muted">{children}</p>;
}
