import path from 'node:path';
import { escapeTerminal } from '../../../report/index.ts';
import { rerunImage, type RecordedRun, type RerunResult } from '../../../replay/index.ts';
import { quarantinedDevices } from '../../device-quarantine.ts';
import { EXIT } from '../../exit-codes.ts';
import { progressView } from '../../progress-view.ts';
import type { CommandContext } from '../../program.ts';
import { oneDevice } from '../../run-devices.ts';

export interface RerunCommandOptions {
  readonly device: string;
  readonly case?: string;
  readonly out?: string;
  /** The images come from elsewhere. */
  readonly foreign: boolean;
}

/** A device that others use is waited for this long before the bench is called busy. */
const LEASE_WAIT_MS = 10 * 60_000;
const MOST_SHOWN = 20;

/** hil replay RUN --device ID: 0 it comes to the same, 1 to something else, 4 the bench fails. */
export async function rerun(run: RecordedRun, options: RerunCommandOptions, context: CommandContext): Promise<number> {
  const { terminal, signal, hilVersion, argv } = context;
  const device = await oneDevice(options.device);
  if (options.foreign && device.spec.kind === 'host') terminal.note('the image of the bundle is a program that is now started on this computer, with your rights');
  const result = await rerunImage(run, {
    device, case: options.case ?? null, out: options.out === undefined ? null : path.resolve(options.out), hilVersion, command: ['hil', ...argv], signal,
    onEvent: progressView(terminal, () => performance.now()), leaseWaitMs: LEASE_WAIT_MS, quarantined: quarantinedDevices([device]),
  });
  return tell(result, device.spec.id, context);
}

function tell({ report, cases, notes, recordedDevice, caseNow }: RerunResult, device: string, { terminal }: CommandContext): number {
  // Also where the recorded one ended so: a bench that is dead now has shown nothing again.
  const benched = cases.filter(({ now }) => now === 'bench-error' || now === 'skipped');
  const other = cases.filter(({ differences }) => differences.length > 0);
  terminal.result({ schema: 'hil-rerun/1', same: other.length === 0, verdict: report.verdict, device, recordedDevice, notes,
    cases: cases.map((each) => ({ ...each, reason: caseNow(each.name).reasons[0] ?? null })) });
  for (const note of notes) terminal.note(note);
  for (const { name, recorded, now, differences, compared } of cases) {
    if (differences.length === 0) {
      terminal.out(terminal.style(now === 'bench-error' || now === 'skipped' ? 'yellow' : 'green', escapeTerminal(`${name} on ${device}: the same: ${now} (${compared} facts compared)`)));
      continue;
    }
    terminal.out(terminal.style('red', escapeTerminal(`${name} on ${device}: recorded ${recorded}, now ${now}`)));
    if (recorded !== now) for (const reason of caseNow(name).reasons.slice(0, 1)) terminal.out(escapeTerminal(`  ${reason}`));
    for (const { what, recorded: then, now: again } of differences.slice(0, MOST_SHOWN)) terminal.out(escapeTerminal(`  ${what}: recorded ${then}, now ${again}`));
    if (differences.length > MOST_SHOWN) terminal.out(`  and ${differences.length - MOST_SHOWN} more (--json shows all)`);
  }
  if (benched.length > 0) return EXIT.bench;
  return other.length > 0 ? EXIT.fail : EXIT.ok;
}
