/**
 * How good is hil's diagnosis? Builds C with planted defects and random mutations, runs it, and prints the table operator x defect.
 *
 *   npm run diagnosis -- [--only GLOB]... [--device ID] [--mutations N] [--json] [--keep FOLDER] [--jobs N] [--all]
 *
 * --only GLOB     cases whose name fits ("CONV_2D *", "*bias*", "mutation *"); the controls always run
 * --device ID     default qemu-m3
 * --mutations N   random mutations that are in no catalogue, default 200
 * --keep FOLDER   leaves suites and reports there
 * --all           a line for every case, not only for those that were not named first
 *
 * Exit code 0: all aims are met; 1: one is missed; 2: it could not be measured.
 */
import { parseArgs } from 'node:util';
import { availableParallelism } from 'node:os';
import type { PlantedCase } from './case.ts';
import { controls, planted } from './matrix.ts';
import { mutations } from './mutations/index.ts';
import { measure, tableLines, toJson } from './measure.ts';
import { matches } from './only.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true }, device: { type: 'string', default: 'qemu-m3' }, mutations: { type: 'string', default: '200' }, json: { type: 'boolean', default: false },
    keep: { type: 'string' }, jobs: { type: 'string' }, all: { type: 'boolean', default: false },
  },
});

const note = (line: string): void => { process.stderr.write(`${line}\n`); };

try {
  const count = Number(values.mutations);
  if (!Number.isInteger(count) || count < 0) throw new Error(`--mutations: expected a number, got ${values.mutations}`);
  const fits = (one: PlantedCase): boolean => one.kind === 'control' || values.only === undefined || values.only.some((glob) => matches(glob, one.name));
  note('generating C ...');
  const cases = [...controls(), ...planted(), ...mutations(count)].filter(fits);
  if (cases.every(({ kind }) => kind === 'control')) throw new Error('no planted defect and no mutation fits');
  note(`${cases.length} networks`);
  const measured = await measure(cases, { device: values.device, jobs: Number(values.jobs ?? Math.min(2, availableParallelism())), keep: values.keep ?? null, onLine: note });
  process.stdout.write(values.json ? `${JSON.stringify(toJson(measured), null, 2)}\n` : `${tableLines(measured, { all: values.all }).join('\n')}\n`);
  process.exitCode = measured.missed.length === 0 ? 0 : 1;
} catch (error) {
  note(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
