import path from 'node:path';
import { planCheck, randomSequence, type PlannedSequence } from '../../run/index.ts';
import { readModel } from '../model-file.ts';
import { sequenceFromInputs } from '../input-option.ts';
import { performRun } from '../perform-run.ts';
import { scheduleChoice, type ScheduleWords } from '../schedule-choice.ts';
import { wholeNumber } from '../whole-number.ts';
import type { CommandAction } from '../program.ts';

export interface CheckOptions extends ScheduleWords {
  readonly device?: readonly string[];
  readonly input?: readonly string[];
  readonly samples?: string;
  readonly seed?: string;
  readonly resetEach?: boolean;
  readonly profile?: string;
  readonly c?: string;
  readonly optimise?: string;
  readonly out?: string;
}

const DEFAULT_SAMPLES = 16;
const MAX_SAMPLES = 1_000_000;

/** hil check MODEL: one model, no suite. */
export const check: CommandAction<CheckOptions> = async ([file], options, context) => {
  const when = scheduleChoice(options, process.env);
  const modelFile = file as string;
  const model = await readModel(modelFile);
  const resetEach = options.resetEach ?? false;
  const sequence: PlannedSequence = options.input === undefined
    ? randomSequence(model, wholeNumber('--samples', options.samples ?? String(DEFAULT_SAMPLES), 1, MAX_SAMPLES), wholeNumber('--seed', options.seed ?? '1', 0, 0xffffffff), resetEach)
    : { name: 'input', ...sequenceFromInputs(options.input, model), truth: null, oracle: null, resetEach };
  const name = path.basename(modelFile).replace(/\.tflite$/i, '');
  const plan = await planCheck({ name, model, modelFile, profile: options.profile ?? 'tflm', sequences: [sequence],
    generator: options.c === undefined ? { kind: 'builtin' } : { kind: 'c', dir: path.resolve(options.c) } });
  return performRun({ suite: { name, description: `hil check ${name}`, file: null }, cases: [plan], deviceWords: options.device ?? ['qemu-m55'], out: options.out ?? null, pack: 1, optimise: options.optimise, when }, context);
};
