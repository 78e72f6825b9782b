/** Buttons and links that look like them. A button that may not act now stays focusable and says why beside it. */
import type { AnchorHTMLAttributes, ButtonHTMLAttributes, Ref } from 'react';

export type ButtonLook = 'primary' | 'secondary' | 'quiet' | 'danger';

const base =
  'inline-flex min-h-9 items-center justify-center gap-2 rounded-md px-3.5 py-1.5 text-center font-semibold select-none pointer-coarse:min-h-11 ' +
  '[&_svg]:size-4 [&_svg]:shrink-0 aria-disabled:border-line aria-disabled:bg-sunken aria-disabled:text-muted';

const looks: Readonly<Record<ButtonLook, string>> = {
  primary: 'bg-fill text-on-fill hover:bg-fill-hover border border-transparent',
  secondary: 'border border-edge bg-surface text-ink hover:bg-sunken',
  quiet: 'border border-transparent text-accent hover:bg-accent-soft',
  danger: 'border border-transparent bg-bad text-on-fill hover:bg-bad-hover',
};

/** The classes, for components that bring their own element. */
export function buttonClass(look: ButtonLook): string {
  return `${base} ${looks[look]}`;
}

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: ButtonLook;
  /** True: focusable, but a click does nothing. The reason belongs beside the button, joined by `aria-describedby`. */
  readonly unavailable?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({ look = 'secondary', unavailable = false, className = '', onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={unavailable || undefined}
      onClick={unavailable ? (event) => event.preventDefault() : onClick}
      className={`${buttonClass(look)} ${className}`}
    />
  );
}

export interface ExternalLinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly look?: ButtonLook;
}

/** Opens in a tab of its own: the console stays where it is. */
export function ExternalLinkButton({ look = 'secondary', className = '', ...rest }: ExternalLinkProps) {
  return <a target="_blank" rel="noreferrer" {...rest} className={`${buttonClass(look)} ${className}`} />;
}
