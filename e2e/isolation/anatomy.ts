/** What a shop consists of, seen from the network: its components, their ports, and which of them can look around. */
export interface Anatomy {
  /** Ports by component; the Service of a component has the name `store-<component>`. */
  readonly ports: Readonly<Record<string, number>>;
  /** Components from whose pods is probed, with the program that their image holds. */
  readonly probers: readonly { readonly component: string; readonly program: 'node' | 'php' }[];
  /** The one that may reach the internet where a shop's values allow it. */
  readonly outgoing: string;
  /** What each prober may reach of its own shop. */
  readonly own: Readonly<Record<string, readonly string[]>>;
}

export type Engine = 'medusa' | 'woocommerce';

export const anatomies: Readonly<Record<Engine, Anatomy>> = {
  medusa: {
    ports: { server: 9000, storefront: 8080, database: 5432 },
    probers: [
      { component: 'server', program: 'node' },
      { component: 'storefront', program: 'node' },
    ],
    outgoing: 'server',
    own: { server: ['database'], storefront: ['server'] },
  },
  woocommerce: {
    ports: { web: 8080, database: 3306 },
    probers: [{ component: 'web', program: 'php' }],
    outgoing: 'web',
    own: { web: ['database'] },
  },
};
