/** The table of a shop's sizes as Markdown, one row per engine, size and component. Pure. */
import { parse } from 'yaml';

interface Component {
  readonly cpuRequest: number;
  readonly cpuLimit: number;
  readonly memoryRequest: number;
  readonly memoryLimit: number;
}

interface Size {
  readonly claims: Readonly<Record<string, number>>;
  readonly databaseBuffers: number;
  readonly phpWorkers?: number;
}

/** @param sizesYaml  text of the chart's files/sizes.yaml */
export function toSizesTable(sizesYaml: string): string {
  const engines = parse(sizesYaml) as Record<string, Record<string, Size & Record<string, unknown>>>;
  const rows = Object.entries(engines).flatMap(([engine, sizes]) =>
    Object.entries(sizes).flatMap(([size, figures]) =>
      Object.entries(figures).flatMap(([name, value]) =>
        isComponent(value) ? [toRow(engine, size, name, value, figures)] : [],
      ),
    ),
  );
  const head = ['engine', 'size', 'component', 'processor', 'memory MiB', 'volume GiB', 'fits'];
  return [`| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`, ...rows].join('\n');
}

function toRow(engine: string, size: string, name: string, component: Component, figures: Size): string {
  const { cpuRequest, cpuLimit, memoryRequest, memoryLimit } = component;
  const claim = figures.claims[name] ?? (name === 'web' || name === 'server' ? figures.claims['uploads'] : undefined);
  const cells = [
    engine,
    size,
    `\`${name}\``,
    `${cpuRequest / 1000} to ${cpuLimit / 1000}`,
    `${memoryRequest} to ${memoryLimit}`,
    claim === undefined ? '' : `${claim}`,
    toFit(name, figures),
  ];
  return `| ${cells.join(' | ')} |`;
}

function toFit(name: string, { phpWorkers, databaseBuffers }: Size): string {
  if (name === 'database') return `buffers of ${databaseBuffers} MiB`;
  return name === 'web' && phpWorkers !== undefined ? `${phpWorkers} PHP workers` : '';
}

function isComponent(value: unknown): value is Component {
  return typeof value === 'object' && value !== null && 'cpuRequest' in value;
}
