import { createHash } from 'node:crypto';
import path from 'node:path';
import { loadSuite } from '../../suite/index.ts';
import { HilError } from '../../errors.ts';
import { matchesGlob, planSuite } from '../../run/index.ts';
import { forMlperf, mlperfRequest } from '../mlperf-results.ts';
import { performRun } from '../perform-run.ts';
import { scheduleChoice, type ScheduleWords } from '../schedule-choice.ts';
import { wholeNumber } from '../whole-number.ts';
import type { CommandAction } from '../program.ts';

export interface RunCommandOptions extends ScheduleWords {
  readonly device?: readonly string[];
  readonly case?: string;
  readonly c?: string;
  readonly optimise?: string;
  readonly sample?: string;
  readonly seed?: string;
  readonly out?: string;
  readonly mlperf?: string;
  readonly mlperfAs?: string;
}

/** hil run SUITE: the main job. */
export const run: CommandAction<RunCommandOptions> = async ([suitePath], options, context) => {
  const when = scheduleChoice(options, process.env);
  const suite = await loadSuite(suitePath as string);
  const { case: pattern } = options;
  // Chosen before they are planned: the C of --c fits one model, and the other cases may be of others.
  const matching = pattern === undefined ? suite.cases : suite.cases.filter(({ name }) => name === pattern || matchesGlob(pattern, name));
  const chosen = options.sample === undefined ? matching
    : pickSome(matching, wholeNumber('--sample', options.sample, 1, 10_000), options.seed ?? '1');
  if (chosen.length === 0) {
    throw new HilError('config', 'run.no-case', `no case of ${suite.name} matches --case ${options.case ?? ''}`, { hint: `Cases: ${suite.cases.map((one) => one.name).join(', ')}.` });
  }
  const mlperf = mlperfRequest(options, process.env);
  const planned = await planSuite({ ...suite, cases: chosen }, { generatorDir: options.c === undefined ? null : path.resolve(options.c), now: new Date() });
  const cases = mlperf === null ? planned : forMlperf(planned, new Map(chosen.map((one) => [one.name, one.mlperf])));
  return performRun({ suite: { name: suite.name, description: suite.description, file: suite.file }, cases, deviceWords: options.device ?? ['qemu-m55'], out: options.out ?? null,
    pack: options.c === undefined ? suite.pack : 1, optimise: options.optimise, when, mlperf }, context);
};

/** `count` of the cases in their order, chosen by a seed: each has the same chance. */
function pickSome<T extends { readonly name: string }>(cases: readonly T[], count: number, seed: string): T[] {
  const rank = new Map(cases.map((one) => [one, createHash('sha256').update(`${seed}\n${one.name}`).digest('hex')]));
  const chosen = new Set([...cases].sort((a, b) => ((rank.get(a) ?? '') < (rank.get(b) ?? '') ? -1 : 1)).slice(0, count));
  return cases.filter((one) => chosen.has(one));
}
