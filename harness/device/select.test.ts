import t from 'tap';
import fc from 'fast-check';
import { HilError } from '../errors.ts';
import type { Usability } from './device.ts';
import type { DeviceFile } from './load-devices.ts';
import { leaveOut, parseSelector, selectDevices } from './select.ts';
import type { DeviceSpec } from './spec.ts';
import { qemuSpec } from './testing/helpers.ts';

const file = (id: string, more: Partial<DeviceSpec> = {}, origin: Partial<DeviceFile> = {}): DeviceFile => ({ spec: { ...qemuSpec, id, ...more }, file: `${id}.json`, builtIn: true, like: null, ...origin });
const files = [
  file('host', { kind: 'host', core: 'native' }), file('m0', { core: 'cortex-m0' }), file('m4', { core: 'cortex-m4' }), file('m4-big', { core: 'cortex-m4', labels: { ram: 'big', 'a key': 'a b' } }),
  file('nucleo', { kind: 'serial', core: 'cortex-m4', simulated: false }), file('mine', { kind: 'serial', core: 'cortex-m4', simulated: false, firmware: 'mlperf-tiny', lock: 'rack', labels: { rack: '3' } }, { builtIn: false, like: 'nucleo' }),
];
const ids = (...words: string[]): string[] => selectDevices(words, files).map(({ spec }) => spec.id);

t.test('selectors', async (t) => {
  t.same(ids('core=cortex-m4'), ['m4', 'm4-big', 'nucleo', 'mine']);
  t.same(ids('kind=qemu&core=cortex-m4'), ['m4', 'm4-big']);
  t.same(ids(' kind = qemu & core != cortex-m4 '), ['m0']);
  t.same(ids('id!=host&simulated=true'), ['m0', 'm4', 'm4-big']);
  t.same(ids('firmware=hil&kind=serial'), ['nucleo']);
  t.same(ids('lock=rack'), ['mine']);
  t.same(ids('lock=m4'), ['m4'], 'its own id where it has none');
  t.same(ids('ram=big'), ['m4-big']);
  t.same(ids('a key=a b'), ['m4-big']);
  t.same(ids('ram!=big&kind=qemu'), ['m0', 'm4'], 'who has no such label is not big');
  t.same(ids('board=none&board!=none1').length, 6);
});

t.test('ids and selectors together: each device once, in the order of the words', async (t) => {
  t.same(ids('m4-big', 'core=cortex-m4', 'host', 'm4'), ['m4-big', 'm4', 'nucleo', 'mine', 'host']);
  const named = (...words: string[]): unknown => Object.fromEntries(selectDevices(words, files).map((each) => [each.spec.id, each.named]));
  t.same(named('m4', 'kind=qemu', 'm0'), { m4: true, m0: true, 'm4-big': false });
});

t.test('what is refused', async (t) => {
  const cases: [string, string, RegExp, RegExp][] = [
    ['m5', 'device.unknown', /"m5"/, /Did you mean m/],
    ['cor=cortex-m4', 'device.unknown-key', /"cor", which no device has/, /Did you mean core\? Known keys: id, kind, .*; labels: a key, rack, ram\./],
    ['cor!=cortex-m4', 'device.unknown-key', /"cor"/, /core/],
    ['constructor=1', 'device.unknown-key', /"constructor"/, /Known keys/],
    ['core=cortex-m44', 'device.no-match', /no device matches "core=cortex-m44"/, /There are core: cortex-m0, cortex-m4, native\./],
    ['kind=qemu&core=native', 'device.no-match', /no device/, /kind: host, qemu, serial; core: cortex-m0/],
    ...['=', 'core=', '=x', 'core=a&', '&core=a', 'core=cortex-m4&&kind=qemu', 'core!cortex=', '!=x'].map((word): [string, string, RegExp, RegExp] => [word, 'device.bad-selector', /where KEY=VALUE belongs/, /kind=qemu&core=cortex-m4/]),
  ];
  for (const [word, code, message, hint] of cases) t.throws(() => ids('host', word), { kind: 'config', code, message, hint }, word);
});

t.test('what is left out', async (t) => {
  const no: Usability = { usable: false, found: [], missing: [{ what: 'no program x', howToGet: 'get it' }, { what: 'no port', howToGet: 'plug it in' }] };
  const yes: Usability = { usable: true, found: [], missing: [] };
  const parted = (words: string[], unusable: string[]): unknown => {
    const selected = selectDevices(words, files);
    const { run, leftOut } = leaveOut(selected, new Map(selected.map(({ spec }) => [spec.id, unusable.includes(spec.id) ? no : yes])));
    return [run.map(({ spec }) => spec.id), leftOut];
  };
  t.same(parted(['kind=qemu'], []), [['m0', 'm4', 'm4-big'], []]);
  t.same(parted(['kind=qemu'], ['m4']), [['m0', 'm4-big'], [{ device: 'm4', why: 'no program x; no port' }]]);
  t.same(parted(['kind=qemu', 'm4'], ['m4']), [['m0', 'm4', 'm4-big'], []], 'called by its id, it fails instead');
  t.same(parted(['rack=3'], ['mine']), [['mine'], []], "so does a user's own: an unplugged board must be seen");
  t.same(parted(['kind=serial'], []), [['mine'], [{ device: 'nucleo', why: 'mine is such a board under a name of your own' }]], 'one board is not run twice');
  t.same(parted(['kind=serial', 'nucleo'], []), [['nucleo', 'mine'], []]);
  t.same(parted(['kind=qemu'], ['m0', 'm4', 'm4-big']), [[], ['m0', 'm4', 'm4-big'].map((device) => ({ device, why: 'no program x; no port' }))]);
});

t.test('any text is a selector, an id or refused; every device that a selector finds is as it says', async (t) => {
  const key = fc.oneof(fc.constantFrom('id', 'kind', 'core', 'ram', '__proto__', 'toString'), fc.string());
  const value = fc.oneof(fc.constantFrom('qemu', 'host', 'cortex-m4', 'big', 'true'), fc.string());
  const term = fc.tuple(key, fc.constantFrom('=', '!='), value).map((parts) => parts.join(''));
  let matched = 0;
  fc.assert(fc.property(fc.oneof(fc.string(), fc.array(term, { minLength: 1, maxLength: 3 }).map((terms) => terms.join('&'))), (text) => {
    try {
      const found = ids(text);
      if (found.length === 0) throw new Error('nothing found, nothing said');
      matched += 1;
      if (!text.includes('=')) return;
      for (const { key: name, not, value: wanted } of parseSelector(text)) {
        for (const id of found) {
          const { spec } = files.find((each) => each.spec.id === id) as DeviceFile;
          const had = ({ ...spec.labels, lock: spec.id, ...spec, simulated: String(spec.simulated) } as unknown as Record<string, string>)[name];
          if ((had === wanted) === not) throw new Error(`${id} has ${name} ${had}`);
        }
      }
    } catch (error) {
      if (!(error instanceof HilError) || error.kind !== 'config') throw error;
    }
  }), { numRuns: 2000 });
  t.ok(matched > 20, `${matched} found something`);
});
