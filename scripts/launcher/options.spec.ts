import { expect, it } from 'vitest';
import { readOptions } from './options.ts';

it('has defaults for everything', () => {
  expect(readOptions([])).toEqual({ httpPort: 3000, ingressPort: 8080, fresh: false, inCluster: false });
});

it('takes any port for the shops where the dashboard needs none of its own', () => {
  expect(readOptions(['--in-cluster', '--shop-port', '3000'])).toMatchObject({ ingressPort: 3000, inCluster: true });
});

it.each([
  [['--port', '0'], '--port takes a number'],
  [['--port', '70000'], '--port takes a number'],
  [['--port', '1e3'], '--port takes a number'],
  [['--shop-port', 'x'], '--shop-port takes a number'],
  [['--port', '8080'], 'must differ'],
  [['--in-cluster', '--port', '3001'], '--port has no meaning with --in-cluster'],
  [['--prot', '3000'], "Unknown option '--prot'"],
  [['extra'], 'Unexpected argument'],
])('refuses %j with a sentence', (argv, sentence) => {
  expect(() => readOptions(argv)).toThrow(sentence);
});
