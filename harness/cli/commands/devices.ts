import { examineDevices } from '../../build/index.ts';
import { findDevice, leaseHolders, loadDevices, type DeviceSpec } from '../../device/index.ts';
import { HilError } from '../../errors.ts';
import { escapeTerminal } from '../../report/index.ts';
import { EXIT } from '../exit-codes.ts';
import { examineAll, walkOne } from '../devices/doctor.ts';
import type { CommandAction } from '../program.ts';
import type { Terminal } from '../terminal.ts';

/** hil devices [list|show ID|doctor [ID]] */
export const devices: CommandAction<object> = async ([action = 'list', id], _options, context) => {
  const { terminal } = context;
  const known = await loadDevices();
  switch (action) {
    case 'list': return list(known, terminal);
    case 'show': return show(findDevice(known, needed(action, id)), terminal);
    case 'doctor': return id === undefined ? examineAll(known, terminal) : walkOne(findDevice(known, id), context);
    default:
      throw new HilError('config', 'cli.usage', `hil devices: expected list, show or doctor, got "${action}"`, { hint: 'Try hil devices --help.' });
  }
};

function needed(action: string, id: string | undefined): string {
  if (id === undefined) throw new HilError('config', 'cli.usage', `hil devices ${action}: which device?`, { hint: 'hil devices lists their ids.' });
  return id;
}

async function list(specs: readonly DeviceSpec[], terminal: Terminal): Promise<number> {
  const rows = await Promise.all((await examineDevices(specs)).map(async ({ device, ...usability }) => ({ spec: device, usability, holders: await leaseHolders(device.id, device.slots) })));
  terminal.result(rows.map(({ spec, usability, holders }) => ({ id: spec.id, kind: spec.kind, core: spec.core, description: spec.description, ...usability, holders })));
  const width = Math.max(...rows.map(({ spec }) => spec.id.length));
  for (const { spec, usability, holders } of rows) {
    const state = usability.usable ? terminal.style('green', 'usable') : terminal.style('yellow', 'not usable');
    const inUse = holders.length === 0 ? '' : `, in use by ${holders.map((holder) => `${holder.user} (pid ${holder.pid} since ${holder.since})`).join(', ')}`;
    terminal.out(`${spec.id.padEnd(width)}  ${state}  ${escapeTerminal(`${spec.description}${inUse}`)}`);
    for (const missing of usability.missing) terminal.out(`${' '.repeat(width)}  missing: ${escapeTerminal(`${missing.what} -> ${missing.howToGet}`)}`);
  }
  return EXIT.ok;
}

async function show(spec: DeviceSpec, terminal: Terminal): Promise<number> {
  terminal.result(spec);
  for (const line of JSON.stringify(spec, null, 2).split('\n')) terminal.out(escapeTerminal(line));
  return EXIT.ok;
}
