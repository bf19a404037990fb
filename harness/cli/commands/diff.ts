import { setTimeout as wait } from 'node:timers/promises';
import { isBundle, unpackBundle } from '../../bundle/index.ts';
import { badInput, compareDumps, compareModels, compareRuns, dumpLines, modelLines, modelOfDump, openGoldenCase, openGoldenFolder, openReferenceDump, readModelFile, readReport, runLines, sideOf, type Dump, type Side } from '../../compare/index.ts';
import { supportedProfiles } from '../../numerics/index.ts';
import { EXIT } from '../exit-codes.ts';
import type { CommandAction, CommandContext } from '../program.ts';
import { progressText } from '../progress-view.ts';
import type { Style } from '../terminal.ts';

export interface DiffOptions {
  readonly model?: string;
  readonly profile?: string;
  readonly oracleA?: string;
  readonly oracleB?: string;
}

const STYLES = { bad: 'red', warn: 'yellow', good: 'green', dim: 'dim', bold: 'bold' } as const satisfies Record<string, Style>;

/** hil diff A B: two dumps, runs or models, layer by layer. Exit 0 equal, 1 different, 2 what cannot be compared. */
export const diff: CommandAction<DiffOptions> = async ([first, second], options, context) => {
  const bundles: { close(): Promise<void> }[] = [];
  // A bundle of a run stands for the run.
  const placeOf = async (argument: string): Promise<string> => {
    if (!argument.endsWith('.zip') || !await isBundle(argument)) return argument;
    const unpacked = await unpackBundle(argument);
    bundles.push(unpacked);
    return unpacked.dir;
  };
  try {
    const [a, b] = [await sideOf(await placeOf(first as string), options.oracleA), await sideOf(await placeOf(second as string), options.oracleB)];
    return await diffSides([a, b], [first as string, second as string], options, context);
  } finally {
    for (const bundle of bundles) await bundle.close();
  }
};

async function diffSides([a, b]: readonly [Side, Side], [first, second]: readonly [string, string], options: DiffOptions, context: CommandContext): Promise<number> {
  const isDump = (side: Side): boolean => side.kind !== 'model' && side.kind !== 'run';
  if (a.kind === 'model' && b.kind === 'model') {
    const result = compareModels({ label: first, model: await readModelFile(a.file) }, { label: second, model: await readModelFile(b.file) });
    return answer(context, result, result.equal, (paint) => modelLines(result, paint));
  }
  if (a.kind === 'run' && b.kind === 'run') {
    const result = compareRuns({ label: first, report: await readReport(a.file) }, { label: second, report: await readReport(b.file) });
    return answer(context, result, result.equal, (paint) => runLines(result, paint));
  }
  if (!isDump(a) || !isDump(b)) throw badInput('kind', `${first} is a ${a.kind}, ${second} is a ${b.kind}: nothing that can be compared`);
  if (options.profile !== undefined && !supportedProfiles().includes(options.profile)) throw badInput('profile', `${JSON.stringify(options.profile)} is no rounding profile`, `Profiles: ${supportedProfiles().join(', ')}.`);
  const dumps: Dump[] = [];
  try {
    for (const [side, argument] of [[a, first], [b, second]] as const) dumps.push(await openDump(side, argument));
    const [dumpA, dumpB] = dumps as [Dump, Dump];
    const model = await modelOfDump(options.model, dumpA.sha256, [...dumpA.modelFiles, ...dumpB.modelFiles]);
    const started = performance.now();
    const result = await compareDumps(dumpA, dumpB, model, options.profile ?? dumpA.profile, {
      signal: context.signal,
      onProgress: (done, samples) => context.terminal.status(progressText(done, samples, performance.now() - started)),
    });
    return answer(context, result, result.equal, (paint) => dumpLines(result, paint));
  } finally {
    for (const dump of dumps) dump.close();
  }
}

function openDump(side: Side, argument: string): Promise<Dump> {
  switch (side.kind) {
    case 'dump': return openReferenceDump(side.folder, argument);
    case 'golden case': return openGoldenCase(side.file, side.oracle, `${side.file}#${side.oracle}`);
    case 'golden folder': return openGoldenFolder(side.folder, side.oracle, `${side.folder}#${side.oracle}`);
    default: throw badInput('kind', `${argument} is no dump`);
  }
}

/** The last line is the verdict: with --quiet it is all. */
async function answer({ terminal, signal }: CommandContext, result: object, equal: boolean, render: (paint: (style: keyof typeof STYLES, text: string) => string) => string[]): Promise<number> {
  // A signal that came while the answer was made is seen only now.
  await wait(0);
  signal.throwIfAborted();
  terminal.result(result);
  const lines = render((style, text) => terminal.style(STYLES[style], text));
  for (const line of terminal.quiet ? lines.slice(-1) : lines) terminal.out(line);
  return equal ? EXIT.ok : EXIT.fail;
}
