import { examineDevices, type Diagnosis } from '../../build/index.ts';
import { hilHome, leaseHolders, quarantinesOf, type DeviceFile, type DeviceSpec } from '../../device/index.ts';
import { HilError } from '../../errors.ts';
import { escapeTerminal } from '../../report/index.ts';
import { EXIT } from '../exit-codes.ts';
import type { Style, Terminal } from '../terminal.ts';
import { deviceState, type DeviceState } from './device-state.ts';
import { discover, type Discovered } from './discovered.ts';
import { portFacts } from './port-facts.ts';

const STYLES: Readonly<Record<DeviceState['state'], Style>> = { ready: 'green', busy: 'yellow', quarantined: 'yellow', 'missing tool': 'red', 'not connected': 'dim', 'several boards': 'red', 'no permission': 'red' };

const BEFORE_DETAIL: Readonly<Record<DeviceState['state'], string>> = { ready: '', busy: 'busy ', quarantined: 'quarantined ', 'missing tool': 'missing: ', 'not connected': '', 'several boards': '', 'no permission': '' };

/** hil devices: every configured device with its state, and what is plugged in and belongs to none of them. */
export async function list(files: readonly DeviceFile[], terminal: Terminal): Promise<number> {
  const specs = files.map(({ spec }) => spec);
  const [diagnoses, discovered] = await Promise.all([examineDevices(specs), discover(specs)]);
  const rows = await Promise.all(diagnoses.map(async (diagnosis, at) => rowOf(diagnosis, files[at] as DeviceFile)));
  terminal.result([...rows.map(({ json }) => json), ...discovered.map(({ kind, name, detail, todo, suggestion }) => ({ id: null, state: 'unknown board', kind, name, detail, todo, suggestion }))]);
  const width = Math.max(...specs.map(({ id }) => id.length));
  const stateWidth = Math.max(...rows.map(({ state }) => state.state.length));
  const indent = ' '.repeat(width + 2);
  for (const { spec, state, expired } of rows) {
    terminal.out(`${spec.id.padEnd(width)}  ${terminal.style(STYLES[state.state], state.state.padEnd(stateWidth))}  ${escapeTerminal(spec.description)}`);
    if (state.detail !== '') terminal.out(`${indent}${escapeTerminal(`${BEFORE_DETAIL[state.state]}${state.detail}`)}`);
    for (const todo of state.todo) terminal.out(`${indent}-> ${escapeTerminal(todo)}`);
    for (const text of expired) terminal.out(`${indent}${terminal.style('dim', escapeTerminal(text))}`);
  }
  if (discovered.length > 0) printDiscovered(discovered, terminal);
  return EXIT.ok;
}

async function rowOf(diagnosis: Diagnosis, { spec, builtIn, file }: DeviceFile): Promise<{ spec: DeviceSpec; state: DeviceState; expired: string[]; json: object }> {
  const { device: _device, ...usability } = diagnosis;
  const [holders, port] = await Promise.all([leaseHolders(spec.lock ?? spec.id, spec.slots), portFacts(spec)]);
  const { quarantines, unreadable } = recordsOf(spec);
  const quarantine = quarantines.find(({ expired }) => !expired)?.quarantine ?? null;
  const state = unreadable ?? deviceState({ spec, usability, holders, quarantine, port });
  const expired = quarantines.filter((each) => each.expired).map(({ quarantine: { until, reason } }) => `quarantine expired on ${until}: ${reason}`);
  return {
    spec, state, expired,
    json: { id: spec.id, kind: spec.kind, core: spec.core, description: spec.description, builtIn, file, ...state, ...usability, holders, quarantine, expired },
  };
}

/** A record that cannot be read keeps runs from the device until it is taken back. */
function recordsOf(spec: DeviceSpec): { readonly quarantines: ReturnType<typeof quarantinesOf>; readonly unreadable: DeviceState | null } {
  try {
    return { quarantines: quarantinesOf(spec, { home: hilHome(), now: new Date() }), unreadable: null };
  } catch (error) {
    if (!(error instanceof HilError)) throw error;
    return { quarantines: [], unreadable: { state: 'quarantined', detail: `as it seems: ${error.message}`, todo: error.hint === undefined ? [] : [error.hint] } };
  }
}

function printDiscovered(discovered: readonly Discovered[], terminal: Terminal): void {
  terminal.out('');
  terminal.out(terminal.style('bold', 'Discovered, and in no device file'));
  for (const { name, detail, todo, suggestion } of discovered) {
    terminal.out(`  ${escapeTerminal(name)}  ${escapeTerminal(detail)}`);
    for (const text of todo) terminal.out(`    -> ${escapeTerminal(text)}`);
    if (suggestion === null) continue;
    for (const note of suggestion.notes) terminal.out(`    ${escapeTerminal(note)}`);
    terminal.out(`    save as ${escapeTerminal(suggestion.file)} in the folder that HIL_DEVICES names, then: hil devices doctor ${escapeTerminal(suggestion.file.replace(/\.json$/, ''))}`);
    for (const line of JSON.stringify(suggestion.content, null, 2).split('\n')) terminal.out(`    ${escapeTerminal(line)}`);
  }
}
