/** The typed face of `public/theme.js`, which runs before the first paint and owns the choice. */
export type ThemeChoice = 'system' | 'light' | 'dark';

interface ThemeSwitch {
  read(): ThemeChoice;
  choose(next: ThemeChoice): void;
}

declare global {
  interface Window {
    readonly urumiTheme?: ThemeSwitch;
  }
}

export function readTheme(): ThemeChoice {
  return window.urumiTheme?.read() ?? 'system';
}

export function chooseTheme(next: ThemeChoice): void {
  window.urumiTheme?.choose(next);
}
