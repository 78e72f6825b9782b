/** The parts of a store with the proof for each. */
import type { ComponentName } from '@urumi/shared/domain/verdict';
import { CircleCheck, CircleDashed, Info, LoaderCircle, TriangleAlert, type LucideIcon } from 'lucide-react';
import type { ComponentView, StoreView } from '../../api/generated/types.gen.ts';
import { Panel } from '../../components/panel.tsx';
import { formatMoment } from '../../lib/format-time.ts';

const titles: Readonly<Record<ComponentName, string>> = {
  database: 'Database',
  server: 'Shop server',
  storefront: 'Storefront',
  web: 'Shop',
  setup: 'Products and settings',
  page: 'Shop page',
};

const looks: Readonly<Record<ComponentView['state'], { readonly icon: LucideIcon; readonly tint: string }>> = {
  missing: { icon: CircleDashed, tint: 'text-idle' },
  waiting: { icon: LoaderCircle, tint: 'text-busy' },
  ready: { icon: CircleCheck, tint: 'text-ready' },
  failing: { icon: TriangleAlert, tint: 'text-warn' },
};

export function HealthPanel({ store, now }: { readonly store: StoreView; readonly now: number }) {
  const aside =
    store.observedAt === null ? undefined : `Last change ${formatMoment(Date.parse(store.observedAt), now)}`;
  return (
    <Panel title="Health" aside={aside}>
      <ul className="space-y-3">
        {store.components.map((component) => (
          <Part key={component.name} component={component} />
        ))}
        {store.notes.map((note) => (
          <li key={note} className="flex gap-3 text-sm">
            <Info className="mt-0.5 size-4.5 shrink-0 text-muted" aria-hidden="true" />
            <p className="min-w-0 flex-1 wrap-anywhere">{note.charAt(0).toUpperCase() + note.slice(1)}</p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Part({ component }: { readonly component: ComponentView }) {
  const { icon: Icon, tint } = looks[component.state];
  return (
    <li className="flex gap-3">
      <Icon className={`mt-0.5 size-4.5 shrink-0 ${tint}`} aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap justify-between gap-x-3">
          <span className="font-semibold">{titles[component.name]}</span>
          <span className={`text-sm ${tint}`}>{tellState(component)}</span>
        </p>
        {component.detail !== '' && <p className="text-sm text-muted">{component.detail}</p>}
      </div>
    </li>
  );
}

function tellState({ name, state }: ComponentView): string {
  switch (state) {
    case 'missing':
      return 'Not there yet';
    case 'waiting':
      return name === 'setup' ? 'Under way' : 'Starting';
    case 'ready':
      return name === 'setup' ? 'Done' : name === 'page' ? 'Answers' : 'Up';
    case 'failing':
      return 'Failing';
  }
}
