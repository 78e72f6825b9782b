/** The actions of a row. What is not allowed now stays visible with its reason. */
import { useNavigate } from '@tanstack/react-router';
import { Copy, Ellipsis, ExternalLink, PanelRight, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { StoreView } from '../../api/generated/types.gen.ts';
import { Menu, MenuItem, MenuLine, MenuLink, MenuNote } from '../../components/menu.tsx';
import { tell } from '../../components/toasts.tsx';
import { DeleteDialog } from '../delete/delete-dialog.tsx';

export function StoreMenu({ store }: { readonly store: StoreView }) {
  const [deleting, setDeleting] = useState(false);
  const navigate = useNavigate();
  const opens = store.status.value === 'ready' || store.status.value === 'degraded';
  const { allowed, reason } = store.allowed.delete;

  const copyAddress = () => {
    void navigator.clipboard
      .writeText(store.url)
      .then(() => tell('Address copied'))
      // Denied: the store page shows the address, ready to be marked.
      .catch(() => navigate({ to: '/stores/$storeId', params: { storeId: store.id } }));
  };

  return (
    <>
      <Menu label={`Actions for ${store.name}`} icon={<Ellipsis aria-hidden="true" />}>
        {opens && (
          <MenuLink icon={<ExternalLink aria-hidden="true" />} href={store.url}>
            Open shop
          </MenuLink>
        )}
        <MenuItem
          icon={<PanelRight aria-hidden="true" />}
          onSelect={() => void navigate({ to: '/stores/$storeId', params: { storeId: store.id } })}
        >
          Show details
        </MenuItem>
        <MenuItem icon={<Copy aria-hidden="true" />} onSelect={copyAddress}>
          Copy address
        </MenuItem>
        <MenuLine />
        {allowed ? (
          <MenuItem bad icon={<Trash2 aria-hidden="true" />} onSelect={() => setDeleting(true)}>
            Delete store
          </MenuItem>
        ) : (
          <MenuNote>{reason ?? 'It cannot be deleted now.'}</MenuNote>
        )}
      </Menu>
      <DeleteDialog store={store} open={deleting} onClose={() => setDeleting(false)} />
    </>
  );
}
