import { acceptanceOf, levelsText, placeText, sizeText } from '../../../history/index.ts';
import { HilError } from '../../../errors.ts';
import { escapeTerminal } from '../../../report/index.ts';
import { EXIT } from '../../exit-codes.ts';
import type { CommandAction } from '../../program.ts';
import { withHistory } from '../../the-history.ts';
import { userName } from '../../user-name.ts';
import { figureName, judged, type RegressionsOptions } from './regressions.ts';

export interface AcceptOptions extends RegressionsOptions {
  readonly reason: string;
}

const MOST_REASON = 1000;

/** hil history accept: takes every open regression that the options mean at its level of now, with the reason. */
export const accept: CommandAction<AcceptOptions> = (_positional, options, context) => withHistory(async (history) => {
  const reason = options.reason.trim();
  if (reason === '' || reason.length > MOST_REASON) throw new HilError('config', 'cli.reason', `--reason: expected 1 to ${MOST_REASON} characters, got ${reason.length}`, { hint: 'Say why it is right that the figure has become worse; others read it in a year.' });
  const found = acceptanceOf(await judged(history, options, context), { reason, by: userName() });
  if (found.length === 0) throw new HilError('config', 'history.nothing-to-accept', `no open regression in the history ${history.where} is meant`, { hint: 'hil history regressions lists what is open.' });
  for (const { baseline } of found) await history.accept(baseline);
  context.terminal.result({ schema: 'hil-accepted/1', accepted: found.map(({ baseline, changes }) => ({ ...baseline, changes: changes.length })) });
  for (const { baseline, changes } of found) {
    const first = changes[0]!;
    context.terminal.out(`${context.terminal.style('green', 'accepted')} ${figureName(baseline)}${escapeTerminal(`: ${sizeText(first)} (${levelsText(first)}) since ${placeText(first.firstBad)}`)}`);
  }
  return EXIT.ok;
});
