import { findDevice, loadDeviceFiles, type DeviceSpec } from '../../device/index.ts';
import { HilError } from '../../errors.ts';
import { escapeTerminal } from '../../report/index.ts';
import { examineAll, walkOne } from '../devices/doctor.ts';
import { list } from '../devices/list.ts';
import { quarantine, release, type QuarantineCommandOptions } from '../devices/quarantine.ts';
import { EXIT } from '../exit-codes.ts';
import type { CommandAction } from '../program.ts';
import type { Terminal } from '../terminal.ts';

/** hil devices [list|show ID|doctor [ID]|quarantine ID|release ID] */
export const devices: CommandAction<QuarantineCommandOptions> = async ([action = 'list', id], options, context) => {
  const { terminal } = context;
  if (action !== 'quarantine' && (options.reason !== undefined || options.until !== undefined)) {
    throw new HilError('config', 'cli.usage', `hil devices ${action}: --reason and --until are for quarantine`, { hint: 'Try hil devices --help.' });
  }
  const files = await loadDeviceFiles();
  const specs = files.map(({ spec }) => spec);
  const meant = (): DeviceSpec => findDevice(specs, needed(action, id));
  switch (action) {
    case 'list': return list(files, terminal);
    case 'show': return show(meant(), terminal);
    case 'doctor': return id === undefined ? examineAll(specs, terminal) : walkOne(meant(), context);
    case 'quarantine': return quarantine(meant(), options, terminal);
    case 'release': return release(meant(), terminal);
    default:
      throw new HilError('config', 'cli.usage', `hil devices: expected list, show, doctor, quarantine or release, got "${action}"`, { hint: 'Try hil devices --help.' });
  }
};

function needed(action: string, id: string | undefined): string {
  if (id === undefined) throw new HilError('config', 'cli.usage', `hil devices ${action}: which device?`, { hint: 'hil devices lists their ids.' });
  return id;
}

async function show(spec: DeviceSpec, terminal: Terminal): Promise<number> {
  terminal.result(spec);
  for (const line of JSON.stringify(spec, null, 2).split('\n')) terminal.out(escapeTerminal(line));
  return EXIT.ok;
}
