/** Running the operator suite through the command that a user types. */
import type { Test } from 'tap';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Report } from '../../report/index.ts';
import { hil, root, scratch } from './hil.ts';

export interface Counts { readonly cases: number; readonly elements: number }

export const suite = path.join(root, 'suites/operators');
export const names = (JSON.parse(readFileSync(path.join(suite, 'suite.json'), 'utf8')) as { cases: { name: string }[] }).cases.map(({ name }) => name);

/** Runs the suite; every case must pass. @returns cases and elements compared */
export async function runOperators(t: Test, args: readonly string[]): Promise<Counts> {
  const out = path.join(scratch(t), 'out');
  const run = await hil(['run', suite, ...args, '--quiet', '--out', out], { timeoutMs: 860_000 });
  t.equal(run.code, 0, `${run.stdout.slice(-2000)}${run.stderr.slice(-2000)}`);
  const { cases } = JSON.parse(readFileSync(path.join(out, 'report.json'), 'utf8')) as Report;
  t.same(cases.filter(({ verdict }) => verdict !== 'pass').map((one) => `${one.name} on ${one.device}: ${one.reasons[0]}`).slice(0, 5), []);
  const elements = cases.reduce((sum, one) => sum + one.layers.reduce((n, layer) => n + layer.compared, 0), 0);
  t.comment(`${args.join(' ')}: ${cases.length} cases, ${elements} elements compared`);
  return { cases: cases.length, elements };
}
