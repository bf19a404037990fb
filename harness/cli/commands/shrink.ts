import path from 'node:path';
import { openRun } from '../../bundle/index.ts';
import { escapeTerminal, visible } from '../../report/index.ts';
import { liveBench } from '../../run/index.ts';
import { shrinkRun, type ShrinkResult } from '../../shrink/index.ts';
import { buildCacheDir } from '../build-cache.ts';
import { EXIT } from '../exit-codes.ts';
import { runDevices } from '../run-devices.ts';
import { wholeNumber } from '../whole-number.ts';
import type { CommandAction, CommandContext } from '../program.ts';

export interface ShrinkCommandOptions {
  readonly out: string;
  readonly case?: string;
  readonly device?: string;
  readonly seconds?: string;
  readonly force?: boolean;
}

const DEFAULT_SECONDS = '60';
const LEASE_WAIT_MS = 10 * 60_000;

/** hil shrink RUN --out DIR: 0 shrunk and verified, 1 it does not fail any more, 3 a try does not build, 4 the bench fails. */
export const shrink: CommandAction<ShrinkCommandOptions> = async ([dir], options, context) => {
  const { terminal, signal, hilVersion } = context;
  const budgetMs = 1000 * wholeNumber('--seconds', options.seconds ?? DEFAULT_SECONDS, 1, 86_400);
  const opened = await openRun(dir as string);
  try {
    const result = await shrinkRun(opened.run, {
      wanted: { case: options.case ?? null, device: options.device ?? null }, out: path.resolve(options.out), force: options.force ?? false,
      deviceOf: async (id) => (await runDevices([id])).devices[0]!, bench: liveBench, cacheDir: buildCacheDir(), budgetMs, signal, hilVersion, leaseWaitMs: LEASE_WAIT_MS,
      onStep: (line) => terminal.note(line),
      onProgress: (line) => (terminal.interactive ? terminal.status(escapeTerminal(line)) : terminal.detail(line)),
    });
    return tell(result, options.out, context);
  } finally {
    await opened.close();
  }
};

function tell(result: ShrinkResult, out: string, { terminal, signal }: CommandContext): number {
  const { target } = result;
  const which = `${target.case.name} on ${target.case.device}`;
  if (target.others.length > 0) terminal.note(`others that fail too (choose with --case and --device): ${target.others.slice(0, 10).join(', ')}`);
  if (result.outcome === 'gone') {
    terminal.result({ schema: 'hil-shrink/1', outcome: 'gone', case: target.case.name, device: target.case.device, why: result.why, out: result.written ? out : null });
    terminal.out(escapeTerminal(`${which}: ${result.why}`));
    if (result.written) terminal.out(escapeTerminal(`the suite that does not fail alone was left in ${visible(out)}`));
    return EXIT.fail;
  }
  const { shrunk, verified } = result;
  terminal.result({
    schema: 'hil-shrink/1', outcome: 'shrunk', case: target.case.name, device: target.case.device, out, samples: shrunk.samples, operators: shrunk.model.subgraphs[0]!.operators.length, steps: shrunk.steps,
    verified: verified === null ? null : { verdict: verified.verdict, reason: verified.reasons[0] ?? '' },
  });
  for (const step of shrunk.steps) terminal.out(escapeTerminal(`  ${step}`));
  if (verified === null) {
    terminal.out(escapeTerminal(`interrupted: the best so far is in ${visible(out)}, a whole suite, which was not run alone to its end`));
    return signal.aborted ? EXIT.interrupted : EXIT.bench;
  }
  terminal.out(escapeTerminal(`run alone: ${verified.verdict}: ${verified.reasons[0] ?? ''}`));
  terminal.out(escapeTerminal(`${which} is cut down: hil run ${visible(out)} --device ${target.case.device}`));
  return EXIT.ok;
}
