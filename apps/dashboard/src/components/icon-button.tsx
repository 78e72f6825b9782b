/** A square button with an icon; its name is text for those who do not see it. */
import type { ComponentProps } from 'react';

export const iconButtonClass =
  'inline-flex size-9 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink pointer-coarse:size-11 ' +
  'data-popup-open:bg-sunken data-popup-open:text-ink [&_svg]:size-4.5';

export function IconButton({ label, className = '', ...rest }: ComponentProps<'button'> & { readonly label: string }) {
  return <button type="button" aria-label={label} {...rest} className={`${iconButtonClass} ${className}`} />;
}
