import t from 'tap';
import type { LeaseHolder } from '../../device/index.ts';
import { qemuSpec } from '../../device/testing/helpers.ts';
import { deviceState, type DeviceFacts, type PortFacts } from './device-state.ts';

const holder: LeaseHolder = { pid: 7, startTime: '1', host: 'h', bootId: 'b', pidSpace: '', user: 'ana', since: '2027-01-15T10:00:00Z', command: 'hil run x', token: '0'.repeat(16) };
const usable = { usable: true, found: [], missing: [] };
const lacking = { usable: false, found: [], missing: [{ what: 'no tool', howToGet: 'get it' }, { what: 'no compiler', howToGet: 'get it' }] };
const port = (state: PortFacts['state']): PortFacts => ({ state, what: `it is ${state}`, howToGet: 'a rule' });
const quarantine = { reason: 'burnt', until: '2027-01-31', by: 'ana', since: null, file: null };
const facts = (more: Partial<DeviceFacts>): DeviceFacts => ({ spec: qemuSpec, usability: usable, holders: [], quarantine: null, port: null, ...more });

t.test('the one state that counts', async (t) => {
  const cases: [string, Partial<DeviceFacts>, unknown][] = [
    ['ready', {}, { state: 'ready', detail: '', todo: [] }],
    ['busy', { holders: [holder] }, { state: 'busy', detail: 'by ana (process 7 since 2027-01-15T10:00:00Z: hil run x)', todo: [] }],
    ['room for more', { spec: { ...qemuSpec, slots: 2 }, holders: [holder] }, { state: 'ready', detail: /^1 of 2 places in use by ana/ }],
    ['quarantined', { quarantine, usability: lacking, port: port('not connected') }, { state: 'quarantined', detail: 'until 2027-01-31: burnt (ana)' }],
    ['by its file', { quarantine: { ...quarantine, by: null } }, { detail: 'until 2027-01-31: burnt (in its device file)' }],
    ['missing tool, said once', { usability: lacking, holders: [holder] }, { state: 'missing tool', detail: 'no tool; no compiler', todo: ['get it'] }],
    ['not connected says nothing of tools', { usability: lacking, port: port('not connected') }, { state: 'not connected', detail: '', todo: [] }],
    ['no permission', { usability: lacking, port: port('no permission') }, { state: 'no permission', detail: 'it is no permission', todo: ['a rule'] }],
    ['several boards', { usability: lacking, port: port('several boards') }, { state: 'several boards', todo: ['a rule'] }],
    ['there, without its tool', { usability: lacking, port: port('free') }, { state: 'missing tool' }],
    ['there', { port: port('free') }, { state: 'ready', detail: '' }],
  ];
  for (const [what, seen, state] of cases) t.match(deviceState(facts(seen)), state, what);
});
