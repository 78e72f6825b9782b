/** What belongs to the person, not to a store: theme, keyboard help, the queue board, signing out. */
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { CircleUserRound, Keyboard, ListOrdered, LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { dropToken } from '../api/session.ts';
import { forgetAnswers } from '../api/transport.ts';
import { Menu, MenuChoices, MenuItem, MenuLine, MenuLink, MenuNote, type MenuChoice } from '../components/menu.tsx';
import { chooseTheme, readTheme, type ThemeChoice } from './theme.ts';

const themes: readonly MenuChoice<ThemeChoice>[] = [
  { value: 'system', label: 'As the system', icon: <Monitor aria-hidden="true" /> },
  { value: 'light', label: 'Light', icon: <Sun aria-hidden="true" /> },
  { value: 'dark', label: 'Dark', icon: <Moon aria-hidden="true" /> },
];

export interface AccountMenuProps {
  readonly name: string | null;
  readonly isAdmin: boolean;
  readonly onHelp: () => void;
}

export function AccountMenu({ name, isAdmin, onHelp }: AccountMenuProps) {
  const [theme, setTheme] = useState(readTheme);
  const navigate = useNavigate();
  const queryClient = useQueryClient();

  const choose = (next: ThemeChoice) => {
    chooseTheme(next);
    setTheme(next);
  };
  const signOut = () => {
    dropToken();
    forgetAnswers();
    queryClient.clear();
    void navigate({ to: '/login' });
  };

  return (
    <Menu label="Your menu" icon={<CircleUserRound aria-hidden="true" />}>
      {name !== null && <MenuNote>Signed in as {name}</MenuNote>}
      <MenuChoices label="Theme" value={theme} choices={themes} onChoose={choose} />
      <MenuLine />
      <MenuItem icon={<Keyboard aria-hidden="true" />} onSelect={onHelp}>
        Keyboard
      </MenuItem>
      {isAdmin && (
        <>
          <MenuLink icon={<ListOrdered aria-hidden="true" />} href="/admin/queues">
            Queue board
          </MenuLink>
          <MenuNote>The board asks once more: any name, your token as the password.</MenuNote>
        </>
      )}
      <MenuLine />
      <MenuItem icon={<LogOut aria-hidden="true" />} onSelect={signOut}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
