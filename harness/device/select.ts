import { closest } from '../closest.ts';
import { HilError } from '../errors.ts';
import type { Usability } from './device.ts';
import { findDevice, type DeviceFile } from './load-devices.ts';
import type { DeviceSpec } from './spec.ts';

/** One condition of a selector: the device's value of the key is `value`, or anything else. */
export interface SelectorTerm {
  readonly key: string;
  readonly not: boolean;
  readonly value: string;
}

/** A device that is to run. */
export interface SelectedDevice extends DeviceFile {
  /** It was called by its id, not only found by a selector. */
  readonly named: boolean;
}

/** A device that a selector found and that does not run. */
export interface LeftOutDevice {
  readonly device: string;
  readonly why: string;
}

/** What a selector can ask of any device; every other key is a label. A device has the label only if its file says so. */
const KEYS: Readonly<Record<string, (spec: DeviceSpec) => string>> = {
  id: (spec) => spec.id, kind: (spec) => spec.kind, core: (spec) => spec.core, board: (spec) => spec.board, simulated: (spec) => String(spec.simulated),
  firmware: (spec) => spec.firmware ?? 'hil', lock: (spec) => spec.lock ?? spec.id,
};
const HINT = "Write KEY=VALUE or KEY!=VALUE, several joined by &, e.g. --device 'kind=qemu&core=cortex-m4'.";
const MOST_SHOWN = 40;

/** e.g. "kind=qemu&core!=cortex-m0". @throws HilError 'config' device.bad-selector */
export function parseSelector(text: string): SelectorTerm[] {
  return text.split('&').map((part) => {
    const match = /^\s*([^=!\s][^=!]*?)\s*(!?=)\s*(\S.*?)\s*$/s.exec(part);
    if (match === null) throw new HilError('config', 'device.bad-selector', `the device selector ${JSON.stringify(text)} has ${JSON.stringify(part)} where KEY=VALUE belongs`, { hint: HINT });
    const [, key, operator, value] = match as unknown as [string, string, string, string];
    return { key, not: operator === '!=', value };
  });
}

/**
 * The devices that words of --device mean, each an id or a selector; every device once, in the order of the words and then of the ids.
 * @throws HilError 'config': an id or key that is unknown, a selector that no device matches
 */
export function selectDevices(words: readonly string[], files: readonly DeviceFile[]): SelectedDevice[] {
  const selected = new Map<string, SelectedDevice>();
  for (const word of words) {
    const isSelector = word.includes('=');
    const found = isSelector ? matching(word, files) : [findDevice(files.map(({ spec }) => spec), word.trim())];
    for (const { id } of found) {
      const file = files.find(({ spec }) => spec.id === id) as DeviceFile;
      selected.set(id, { ...file, named: !isSelector || (selected.get(id)?.named ?? false) });
    }
  }
  return [...selected.values()];
}

function matching(text: string, files: readonly DeviceFile[]): DeviceSpec[] {
  const terms = parseSelector(text);
  const specs = files.map(({ spec }) => spec);
  for (const { key } of terms) checkKey(text, key, specs);
  const found = specs.filter((spec) => terms.every(({ key, not, value }) => (valueOf(spec, key) === value) !== not));
  if (found.length > 0) return found;
  const values = [...new Set(terms.map(({ key }) => key))].map((key) => `${key}: ${known(specs.flatMap((spec) => valueOf(spec, key) ?? []))}`);
  throw new HilError('config', 'device.no-match', `no device matches ${JSON.stringify(text)}`, { hint: `There are ${values.join('; ')}.`, facts: { selector: text } });
}

function checkKey(text: string, key: string, specs: readonly DeviceSpec[]): void {
  const labels = specs.flatMap((spec) => Object.keys(spec.labels));
  if (Object.hasOwn(KEYS, key) || labels.includes(key)) return;
  const keys = [...Object.keys(KEYS), ...labels];
  const near = closest(key, keys);
  throw new HilError('config', 'device.unknown-key', `the device selector ${JSON.stringify(text)} asks for ${JSON.stringify(key)}, which no device has`,
    { hint: `${near === null ? '' : `Did you mean ${near}? `}Known keys: ${Object.keys(KEYS).join(', ')}${labels.length === 0 ? '' : `; labels: ${known(labels)}`}.` });
}

function valueOf(spec: DeviceSpec, key: string): string | undefined {
  const own = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
  if (own !== undefined) return own(spec);
  return Object.hasOwn(spec.labels, key) ? spec.labels[key] : undefined;
}

function known(values: readonly string[]): string {
  const all = [...new Set(values)].sort();
  return all.length > MOST_SHOWN ? `${all.slice(0, MOST_SHOWN).join(', ')} and ${all.length - MOST_SHOWN} more` : all.join(', ');
}

/**
 * Parts what a selector found into what runs and what is left out: a device that comes with hil and is not here. One that was
 * called by its id, and any of the user's own, always runs, and fails where it cannot: a board of a rack that was unplugged must
 * not vanish from its report.
 * @param usability of every selected device that is not `mustRun`
 */
export function leaveOut(selected: readonly SelectedDevice[], usability: ReadonlyMap<string, Usability>): { readonly run: SelectedDevice[]; readonly leftOut: LeftOutDevice[] } {
  const run: SelectedDevice[] = [];
  const leftOut: LeftOutDevice[] = [];
  for (const device of selected) {
    const why = mustRun(device) ? null : reasonToLeaveOut(device, selected, usability.get(device.spec.id));
    if (why === null) run.push(device);
    else leftOut.push({ device: device.spec.id, why });
  }
  return { run, leftOut };
}

export function mustRun({ named, builtIn }: SelectedDevice): boolean {
  return named || !builtIn;
}

function reasonToLeaveOut({ spec }: SelectedDevice, selected: readonly SelectedDevice[], usability: Usability | undefined): string | null {
  // The board is one piece of hardware, however many files describe it.
  const own = spec.kind === 'serial' ? selected.find(({ builtIn, like }) => !builtIn && like === spec.id) : undefined;
  if (own !== undefined) return `${own.spec.id} is such a board under a name of your own`;
  if (usability === undefined || usability.usable) return null;
  return usability.missing.map(({ what }) => what.replace(`device ${spec.id}: `, '')).join('; ') || 'it cannot be used here';
}
