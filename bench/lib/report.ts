/** The outcome of a benchmark: a table for people, a JSON file for everything else. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { busyShareMost, type Machine } from './machine.ts';
import { type Entry, summarizePhases } from './rounds.ts';
import { compare, type Comparison, type Summary } from './statistics.ts';

/** One question for one engine: ours against its rivals, in the same rounds. */
export interface Row {
  readonly name: string;
  readonly ours: string;
  readonly rivals: readonly string[];
  readonly entries: readonly Entry[];
  /** Why there is nothing to compare. */
  readonly unavailable: string | null;
}

export interface Report {
  readonly question: string;
  readonly machine: Machine;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly rows: readonly Row[];
}

export function formatReport({ question, machine, rows }: Report): string {
  const { cores, processor, memoryGb, kernel, node, load, busyShare } = machine;
  const lines = [
    question,
    `${cores} cores (${processor}), ${memoryGb} GB, Linux ${kernel}, Node ${node}; load ${load}, ${Math.round(busyShare * 100)} % in use before`,
  ];
  if (busyShare > busyShareMost) lines.push('BUSY MACHINE: these figures are not comparable with others');
  for (const row of rows) lines.push('', ...formatRow(row));
  return `${lines.join('\n')}\n`;
}

function formatRow(row: Row): string[] {
  if (row.unavailable !== null) return [`${row.name}: unavailable: ${row.unavailable}`];
  const lines = [`${row.name}  (seconds from the start; median, least to most)`];
  for (const name of [row.ours, ...row.rivals]) {
    lines.push(`  ${name}`);
    for (const [phase, summary] of summarizePhases(row.entries, name)) {
      lines.push(`    ${phase.padEnd(24)}${formatSummary(summary)}`);
    }
  }
  for (const { rival, comparison } of compareRow(row)) {
    const range = `${comparison.low.toFixed(1)} to ${comparison.high.toFixed(1)}`;
    lines.push(`  ${row.ours} against ${rival}: ${comparison.ratio.toFixed(1)}x (${range}): ${comparison.verdict}`);
  }
  const faults = row.entries.filter(({ fault }) => fault !== null);
  for (const { round, contestant, fault } of faults) lines.push(`  void: round ${round + 1}, ${contestant}: ${fault}`);
  return lines;
}

function formatSummary({ median, min, max, count }: Summary): string {
  const seconds = (ms: number) => (ms / 1000).toFixed(2).padStart(7);
  return `${seconds(median)}  ${seconds(min)} to ${seconds(max)}  (n=${count})`;
}

function compareRow(row: Row): { rival: string; comparison: Comparison }[] {
  const ours = summarizePhases(row.entries, row.ours).get('total');
  return row.rivals.flatMap((rival) => {
    const theirs = summarizePhases(row.entries, rival).get('total');
    return ours === undefined || theirs === undefined ? [] : [{ rival, comparison: compare(ours, theirs) }];
  });
}

/** @returns the file's path */
export async function writeReport(report: Report, folder: string, name: string): Promise<string> {
  const rows = report.rows.map((row) => ({
    ...row,
    summaries: Object.fromEntries(
      [row.ours, ...row.rivals].map((contestant) => [
        contestant,
        Object.fromEntries(summarizePhases(row.entries, contestant)),
      ]),
    ),
    comparisons: compareRow(row),
  }));
  return writeResult({ ...report, rows }, folder, name);
}

/** @returns the file's path */
export async function writeResult(
  result: { readonly machine: Machine } & Readonly<Record<string, unknown>>,
  folder: string,
  name: string,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const at = new Date().toISOString();
  const file = join(folder, `${name}-${at.replaceAll(/[:.]/g, '-')}.json`);
  const isBusy = result.machine.busyShare > busyShareMost;
  await writeFile(file, `${JSON.stringify({ ...result, at, isBusy }, null, 2)}\n`);
  return file;
}
