import path from 'node:path';
import { loadSuite } from '../../suite/index.ts';
import { HilError } from '../../errors.ts';
import { planSuite } from '../../run/index.ts';
import { performRun } from '../perform-run.ts';
import type { CommandAction } from '../program.ts';

export interface RunCommandOptions {
  readonly device?: readonly string[];
  readonly case?: string;
  readonly c?: string;
  readonly out?: string;
}

/** hil run SUITE: the main job. */
export const run: CommandAction<RunCommandOptions> = async ([suitePath], options, context) => {
  const suite = await loadSuite(suitePath as string);
  const pattern = options.case === undefined ? null : globPattern(options.case);
  // Chosen before they are planned: the C of --c fits one model, and the other cases may be of others.
  const chosen = pattern === null ? suite.cases : suite.cases.filter((one) => pattern.test(one.name));
  if (chosen.length === 0) {
    throw new HilError('config', 'run.no-case', `no case of ${suite.name} matches --case ${options.case ?? ''}`, { hint: `Cases: ${suite.cases.map((one) => one.name).join(', ')}.` });
  }
  const cases = await planSuite({ ...suite, cases: chosen }, { generatorDir: options.c === undefined ? null : path.resolve(options.c), now: new Date() });
  return performRun({ suite: { name: suite.name, description: suite.description, file: suite.file }, cases, deviceIds: options.device ?? ['qemu-m55'], out: options.out ?? null }, context);
};

/** * and ? as in a shell; everything else is itself. */
function globPattern(glob: string): RegExp {
  return new RegExp(`^${glob.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}
