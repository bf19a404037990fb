/** How good is hil's diagnosis? Builds C with planted defects and random mutations, runs it, and prints the table operator x defect. */
import { parseArgs } from 'node:util';
import { availableParallelism } from 'node:os';
import type { PlantedCase } from './case.ts';
import { controls, planted } from './matrix.ts';
import { mutations } from './mutations/index.ts';
import { measure, tableLines, toJson } from './measure.ts';
import { matches } from './only.ts';

const HELP = `npm run diagnosis -- [--only GLOB]... [--device ID] [--mutations N] [--json] [--keep FOLDER] [--jobs N] [--all]

--only GLOB     cases whose name fits ("CONV_2D *", "*bias*", "mutation *"); the controls always run
--device ID     default qemu-m3
--mutations N   random mutations that are in no catalogue, default 200
--keep FOLDER   leaves suites and reports there
--jobs N        runs at a time
--all           a line for every case, not only for those that were not named first

Exit code 0: all aims are met; 1: one is missed; 2: it could not be measured.`;

const note = (line: string): void => { process.stderr.write(`${line}\n`); };

/** @throws TypeError for an option that there is not */
const parse = () => parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true }, device: { type: 'string', default: 'qemu-m3' }, mutations: { type: 'string', default: '200' }, json: { type: 'boolean', default: false },
    keep: { type: 'string' }, jobs: { type: 'string' }, all: { type: 'boolean', default: false },
  },
}).values;
type Options = ReturnType<typeof parse>;

function wholeNumber(name: string, given: string, least: number): number {
  const value = Number(given);
  if (!Number.isInteger(value) || value < least) throw new Error(`${name}: expected a number from ${least} on, got ${given}`);
  return value;
}

/** @returns the exit code */
async function table(values: Options): Promise<number> {
  const count = wholeNumber('--mutations', values.mutations, 0);
  const jobs = wholeNumber('--jobs', values.jobs ?? String(Math.min(2, availableParallelism())), 1);
  const fits = (one: PlantedCase): boolean => one.kind === 'control' || values.only === undefined || values.only.some((glob) => matches(glob, one.name));
  note('generating C ...');
  const cases = [...controls(), ...planted(), ...mutations(count)].filter(fits);
  if (cases.every(({ kind }) => kind === 'control')) throw new Error('no planted defect and no mutation fits');
  note(`${cases.length} networks`);
  const measured = await measure(cases, { device: values.device, jobs, keep: values.keep ?? null, onLine: note });
  process.stdout.write(values.json ? `${JSON.stringify(toJson(measured), null, 2)}\n` : `${tableLines(measured, { all: values.all }).join('\n')}\n`);
  return measured.missed.length === 0 ? 0 : 1;
}

try {
  const values = parse();
  if (values.help) process.stdout.write(`${HELP}\n`);
  else process.exitCode = await table(values);
} catch (error) {
  note(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
