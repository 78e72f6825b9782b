/** Short notes about own actions that are done. Errors never come here: they stay in the page. */
import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { iconButtonClass } from './icon-button.tsx';

const manager = Toast.createToastManager();

/** Shows a note for a few seconds. */
export function tell(title: string): void {
  manager.add({ title, timeout: 6_000 });
}

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  return (
    <Toast.Provider toastManager={manager} limit={2}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="fixed inset-x-4 bottom-4 z-60 flex flex-col items-center gap-2 outline-none sm:inset-x-auto sm:right-6 sm:bottom-6 sm:items-end">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function ToastList() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className="popup flex w-full max-w-100 items-center gap-3 rounded-md border border-line bg-raised py-2 pr-2 pl-4 shadow-float"
    >
      <Toast.Content className="min-w-0 flex-1">
        <Toast.Title className="font-semibold" />
      </Toast.Content>
      <Toast.Close aria-label="Dismiss" className={iconButtonClass}>
        <X aria-hidden="true" />
      </Toast.Close>
    </Toast.Root>
  ));
}
