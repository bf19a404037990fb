import { hilHome, putInQuarantine, quarantineOf, quarantineText, releaseFromQuarantine, type DeviceSpec } from '../../device/index.ts';
import { HilError } from '../../errors.ts';
import { escapeTerminal } from '../../report/index.ts';
import { EXIT } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { userName } from '../user-name.ts';

export interface QuarantineCommandOptions {
  readonly reason?: string;
  readonly until?: string;
}

/** hil devices quarantine ID --reason TEXT --until YYYY-MM-DD */
export async function quarantine(spec: DeviceSpec, { reason, until }: QuarantineCommandOptions, terminal: Terminal): Promise<number> {
  if (reason === undefined || until === undefined) {
    throw new HilError('config', 'cli.usage', `hil devices quarantine ${spec.id}: ${reason === undefined ? '--reason TEXT' : '--until YYYY-MM-DD'} is missing`,
      { hint: `For example: hil devices quarantine ${spec.id} --reason 'flaky cable' --until 2027-01-31` });
  }
  const put = await putInQuarantine(spec.id, { reason, until, by: userName() }, { home: hilHome(), now: new Date() });
  terminal.result({ id: spec.id, quarantine: put });
  terminal.out(`${spec.id}: ${terminal.style('yellow', 'quarantined')}; its cases are skipped: ${escapeTerminal(quarantineText(put))}`);
  return EXIT.ok;
}

/** hil devices release ID */
export async function release(spec: DeviceSpec, terminal: Terminal): Promise<number> {
  const released = await releaseFromQuarantine(spec.id, hilHome());
  const still = quarantineOf(spec, { home: hilHome(), now: new Date() });
  terminal.result({ id: spec.id, released, quarantine: still });
  terminal.out(`${spec.id}: ${released ? 'released' : 'was in no quarantine by command'}`);
  if (still !== null) terminal.out(`  ${terminal.style('yellow', 'still quarantined')} by its device file: ${escapeTerminal(quarantineText(still))}`);
  return EXIT.ok;
}
