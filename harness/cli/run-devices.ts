import { examineDevices, type Diagnosis } from '../build/index.ts';
import { createDevice, leaveOut, loadDeviceFiles, mustRun, processKeeper, selectDevices, type Device, type LeftOutDevice } from '../device/index.ts';
import { HilError } from '../errors.ts';
import { portFacts } from './devices/port-facts.ts';

/**
 * The devices that --device means, and those that its selectors found and that are not here.
 * @param words ids and selectors
 * @throws HilError 'config' for words that mean no device, 'bench' device.all-left-out where nothing is left to run
 */
export async function runDevices(words: readonly string[]): Promise<{ readonly devices: Device[]; readonly leftOut: readonly LeftOutDevice[] }> {
  if (words.length === 0) throw new HilError('config', 'cli.no-device', 'no device is named', { hint: 'Give --device ID; hil devices lists the ids.' });
  const selected = selectDevices(words, await loadDeviceFiles());
  const examined = await Promise.all((await examineDevices(selected.filter((each) => !mustRun(each)).map(({ spec }) => spec))).map(withPort));
  const { run, leftOut } = leaveOut(selected, new Map(examined.map((each) => [each.device.id, each])));
  if (run.length === 0) {
    const [first] = examined.flatMap(({ missing }) => missing);
    throw new HilError('bench', 'device.all-left-out', `no device that ${words.join(',')} means can be used here: ${leftOut.map(({ device, why }) => `${device}: ${why}`).join('; ')}`,
      { ...(first === undefined ? {} : { hint: first.howToGet }), facts: { leftOut } });
  }
  return { devices: run.map(({ spec }) => createDevice(spec, { keeper: processKeeper })), leftOut };
}

/**
 * The one device that an id means.
 * @throws HilError 'config' for a selector that means several, else as runDevices()
 */
export async function oneDevice(id: string): Promise<Device> {
  const { devices: [first, ...others] } = await runDevices([id]);
  if (others.length > 0) throw new HilError('config', 'cli.one-device', `--device ${id} means ${others.length + 1} devices, and one is needed`, { hint: `Name one of ${[first as Device, ...others].map(({ spec }) => spec.id).join(', ')}.` });
  return first as Device;
}

/** A board whose port comes with its first image may be flashed without one; but of one that nobody named, it means that it is not here. */
async function withPort(diagnosis: Diagnosis): Promise<Diagnosis> {
  const port = await portFacts(diagnosis.device);
  if (port?.state !== 'not connected') return diagnosis;
  return { ...diagnosis, usable: false, missing: [{ what: 'not connected', howToGet: port.howToGet }] };
}
