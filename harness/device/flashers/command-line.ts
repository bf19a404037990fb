import { execa } from 'execa';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { findTool } from '../find-tool.ts';
import type { FoundTool } from '../find-tool.ts';
import type { Image, Usability } from '../device.ts';
import type { Flasher, FlasherContext, FlashOptions, FlashResult } from './flasher.ts';
import { flashError } from './flash-errors.ts';
import type { FlashFailure } from './flash-errors.ts';
import { flatten, loadSegments } from './load-segments.ts';
import type { LoadSegment } from './load-segments.ts';
import { chooseProbe, noProbe } from './choose-probe.ts';
import { deadlineIn, howItEnded, orFlashError, runTool } from './run-tool.ts';
import type { Deadline, ToolRun } from './run-tool.ts';
import type { ProbeFamily } from './usb-probes.ts';

/** How long a tool may take to say its version, milliseconds. */
const VERSION_MS = 10_000;
export const IMAGE_ELF = 'image.elf';

export interface Step {
  readonly args: readonly string[];
  /**
   * The tool's own words for "done". A step that ends with status 0 and does not say them has failed: several tools end
   * with status 0 whatever happened.
   */
  readonly success?: RegExp;
  /** Judges the odd cases where the exit code is no help: a note makes it a success, null leaves it to the rule above. */
  readonly excuse?: (run: ToolRun) => string | null;
}

/** What an adapter may use to make its steps. All paths are plain names in the tool's own folder: no tool has to quote them. */
export interface Workbench {
  readonly context: FlasherContext;
  readonly tool: FoundTool;
  readonly signal: AbortSignal;
  readonly deadline: Deadline;
  readonly options: FlashOptions;
  /** The image, at most MAX_IMAGE_BYTES from its lowest address. */
  flat(): LoadSegment;
  /** Writes a file for the tool. @returns its name */
  write(name: string, bytes: Uint8Array | string): Promise<string>;
  run(args: readonly string[]): Promise<ToolRun>;
}

/** One tool's words. */
export interface ToolAdapter {
  readonly tool: string;
  /** Environment variable that names the program. */
  readonly variable: string;
  readonly programs: readonly string[];
  readonly howToGet: string;
  readonly versionArgs?: readonly string[];
  readonly usesBoardUsb?: boolean;
  /** The debug probes that it drives, as far as that is known. */
  readonly families?: readonly ProbeFamily[];
  /** It takes the first of several probes without a word: then hil looks itself. */
  readonly takesFirst?: boolean;
  readonly probeSerial?: string | undefined;
  /** What to do where it finds no probe or boot loader, if that is special. */
  readonly noProbeHint?: string;
  /** The first that matches the output of a failed step names the failure. */
  readonly failures: readonly (readonly [FlashFailure, RegExp])[];
  steps(bench: Workbench): Promise<readonly Step[]>;
  readonly resetSteps?: (bench: Workbench) => Promise<readonly Step[]>;
}

/** A flasher over a program that is started with arguments. */
export function commandLineFlasher(adapter: ToolAdapter, context: FlasherContext): Flasher {
  const { tool: name } = adapter;
  const find = (): Promise<FoundTool | null> => findTool(adapter.variable, adapter.programs, context.env);

  async function perform(options: FlashOptions, image: Image | null, makeSteps: (bench: Workbench) => Promise<readonly Step[]>): Promise<string[]> {
    const tool = await find();
    if (tool === null) throw noTool(adapter, context);
    const { signal } = options;
    const deadline = deadlineIn(options.timeoutMs);
    await mkdir(options.workDir, { recursive: true });
    const dir = await mkdtemp(join(options.workDir, 'flash-'));
    try {
      const elf = image === null ? null : await orFlashError(context.deviceId, name, 'cannot read the image', readFile(image.elf));
      const segments = elf === null ? [] : loadSegments(elf);
      if (elf !== null) await writeFile(join(dir, IMAGE_ELF), elf);
      if (adapter.takesFirst === true) await chooseProbe(context, name, adapter.families ?? [], adapter.probeSerial);
      const run = (args: readonly string[]): Promise<ToolRun> => runTool(context, name, { file: tool.path, args, cwd: dir }, { signal, deadline });
      const bench: Workbench = {
        context, tool, signal, deadline, options, run, flat: () => flatten(segments),
        write: async (file, bytes) => (await writeFile(join(dir, file), bytes), file),
      };
      const notes: string[] = [];
      for (const step of await makeSteps(bench)) {
        const note = await judge(adapter, context, step, await run(step.args));
        if (note !== null) notes.push(note);
      }
      return notes;
    } finally {
      await rm(dir, { recursive: true, force: true, maxRetries: 3 });
    }
  }

  const { resetSteps } = adapter;
  return {
    tool: name,
    usesBoardUsb: adapter.usesBoardUsb ?? false,
    async probe(): Promise<Usability> {
      const tool = await find();
      if (tool === null) return { usable: false, found: [], missing: [{ what: noTool(adapter, context).message, howToGet: adapter.howToGet }] };
      return { usable: true, found: [await describe(tool, adapter, context.env)], missing: [] };
    },
    async flash(image: Image, options: FlashOptions): Promise<FlashResult> {
      options.onStep?.(`flashing with ${name}`);
      const notes = await perform(options, image, (bench) => adapter.steps(bench));
      return { notes: [`flashed with ${name}`, ...notes] };
    },
    ...(resetSteps === undefined ? {} : {
      async reset(options: Omit<FlashOptions, 'port'>): Promise<void> {
        options.onStep?.(`resetting with ${name}`);
        await perform(options, null, resetSteps);
      },
    }),
  };
}

/** @returns a note or null. @throws HilError 'bench' where the step failed, or does not say that it did not */
async function judge(adapter: ToolAdapter, context: FlasherContext, step: Step, run: ToolRun): Promise<string | null> {
  const done = step.success === undefined || step.success.test(run.output);
  if (done && run.exitCode === 0) return null;
  const note = step.excuse?.(run) ?? null;
  if (note !== null) return note;
  const { deviceId } = context;
  const said = { output: run.output, facts: { exitCode: run.exitCode } };
  const failure = adapter.failures.find(([, pattern]) => pattern.test(run.output))?.[0];
  if (failure === 'no-probe') throw await noProbe(context, adapter.tool, adapter.families ?? [], { ...said, ...(adapter.noProbeHint === undefined ? {} : { hint: adapter.noProbeHint }) });
  if (failure !== undefined) throw flashError(deviceId, adapter.tool, failure, undefined, said);
  const detail = run.exitCode === 0 ? 'it ended with status 0, but never said that it was done' : howItEnded(run);
  throw flashError(deviceId, adapter.tool, 'failed', detail, said);
}

function noTool({ tool, variable, programs, howToGet }: ToolAdapter, { deviceId, env }: FlasherContext): Error {
  const given = env[variable];
  const what = given ? `${variable} names ${given}, which is no program` : `${programs.join(' or ')} was not found`;
  return flashError(deviceId, tool, 'no-tool', what, { hint: howToGet });
}

/** Name, and the version as far as the tool tells it: informative, so that a tool that does not answer is no error. */
async function describe(tool: FoundTool, adapter: ToolAdapter, env: NodeJS.ProcessEnv): Promise<string> {
  const label = `${adapter.tool} (${tool.path})`;
  if (adapter.versionArgs === undefined) return label;
  const result = await execa(tool.path, [...adapter.versionArgs], { reject: false, timeout: VERSION_MS, killDescendants: true, stdin: 'ignore', all: true, maxBuffer: 100_000, env });
  const line = (result.all ?? '').split('\n').find((each) => /\d+\.\d+/.test(each))?.trim().slice(0, 120);
  return line === undefined ? label : `${line.startsWith(basename(tool.path)) ? '' : `${adapter.tool}: `}${line} (${tool.path})`;
}
