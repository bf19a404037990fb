import t from 'tap';
import { loadDevices } from '../device/load-devices.ts';
import { examineDevices } from './doctor.ts';
import { tempDir } from './testing/fixture.ts';

t.setTimeout(60_000);

t.test('nothing installed: each device says what is missing and how to get it', async (t) => {
  const env = { PATH: await tempDir(t) };
  const devices = await loadDevices();
  const all = await examineDevices(devices, env);
  t.equal(all.length, devices.length);
  for (const { device, usable, missing } of all) {
    t.equal(usable, false, device.id);
    t.ok(missing.every((each) => each.howToGet.length > 20), `${device.id}: each with what to do`);
    t.ok(missing.some((each) => /apt-get install/.test(each.howToGet)), `${device.id}: the compiler at least`);
  }
});

t.test('as this computer is: what is found is named, and usable means nothing is missing', async (t) => {
  for (const { usable, found, missing, device } of await examineDevices(await loadDevices())) {
    t.equal(usable, missing.length === 0, device.id);
    if (usable) t.ok(found.some((each) => each.includes('gcc')), device.id);
  }
});

t.test('a device whose board does not exist, or whose machine QEMU does not know', async (t) => {
  const [m4] = (await loadDevices()).filter((device) => device.id === 'qemu-m4');
  const odd = await examineDevices([{ ...m4!, board: 'none' }, { ...m4!, qemu: { ...m4!.qemu!, machine: 'no-such' } }]);
  t.match(odd[0]!.missing, [{ what: /board\.json/ }]);
  t.ok(odd[1]!.missing.some((each) => each.what.includes('no-such') || each.what.includes('qemu')));
});
