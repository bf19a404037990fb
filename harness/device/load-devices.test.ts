import t from 'tap';
import { execa } from 'execa';
import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDevice } from './create-device.ts';
import { builtInDevices, deviceDirs, findDevice, loadDevices } from './load-devices.ts';
import { tempDir } from './testing/helpers.ts';

t.test('the built-in devices are sound, and time in QEMU is a count of instructions', async (t) => {
  const devices = await loadDevices([builtInDevices]);
  for (const id of ['host', 'qemu-m0', 'qemu-m4', 'qemu-m55']) findDevice(devices, id);
  for (const { qemu, latency, clockHz, id } of devices) {
    if (qemu === undefined) continue;
    // One instruction takes 2^shift ns; a tick takes 1/clock.
    const ticksPerInstruction = 2 ** qemu.icountShift * 1e-9 * clockHz;
    t.ok(Math.abs(ticksPerInstruction * (latency.numerator / latency.denominator) - 1) < 1e-9, id);
    t.equal(latency.quality, 'modelled');
  }
});

t.test('unknown device: suggestions', async (t) => {
  const devices = await loadDevices([builtInDevices]);
  t.throws(() => findDevice(devices, 'qemu-m5'), { kind: 'config', code: 'device.unknown', hint: /Did you mean qemu-m/ });
  t.throws(() => findDevice(devices, 'hots'), { code: 'device.unknown', hint: /Did you mean host\?/ });
  t.throws(() => findDevice(devices, 'something-else'), { code: 'device.unknown', hint: /^Known devices: .*\bhost\b/ });
});

t.test('wrong files: file and JSON path are named', async (t) => {
  const dir = await tempDir(t);
  const good = JSON.parse(await readFile(join(builtInDevices, 'qemu-m4.json'), 'utf8')) as Record<string, unknown>;
  const { qemu: _qemu, ...rest } = good;
  const board = { ...rest, kind: 'serial', serial: { port: { path: '/dev/x' }, baud: { start: 9600, faster: [] }, reset: { onOpen: 'none', pulseMs: 0, bootMs: 0 } } };
  const cases: [string, unknown, RegExp][] = [
    ['unknown field', { ...good, color: 'red' }, /x\.json: \$\.color: unknown field/],
    ['unknown field below', { ...good, qemu: { machine: 'a', icountShift: 6, cores: 2 } }, /\$\.qemu\.cores: unknown field/],
    ['wrong type', { ...good, clockHz: 'fast' }, /\$\.clockHz: must be integer/],
    ['wrong enum', { ...good, kind: 'fpga' }, /\$\.kind: must be one of host, qemu/],
    ['missing', { ...good, board: undefined }, /must have required property 'board'/],
    ['qemu without its part', { ...good, qemu: undefined }, /required property 'qemu'/],
    ['host with qemu', { ...good, kind: 'host' }, /\$\.qemu: is not for devices of this kind/],
    ['an option in a machine name', { ...good, qemu: { machine: 'a,b=c', icountShift: 6 } }, /\$\.qemu\.machine/],
    ['not named as its id', good, /must be named qemu-m4\.json/],
    ['one of several forms, by what it says', { ...board, serial: { ...board.serial, port: { usb: { vendorId: 'x', productIds: ['0001'] } } } }, /x\.json: \$\.serial\.port\.usb\.vendorId: must match pattern "[^"]*"$/],
    ['by its tool', { ...board, flasher: { tool: 'pyocd', chip: 'x' } }, /x\.json: \$\.flasher: must have required property 'target'; \$\.flasher\.chip: unknown field$/],
    ['a tool that is unknown', { ...board, flasher: { tool: 'hammer' } }, /x\.json: \$\.flasher\.tool: must be one of openocd, pyocd, probe-rs, .*command$/],
    ['an argument that no program can be given', { ...board, flasher: { tool: 'openocd', configs: ['a\0b'] } }, /\$\.flasher\.configs\.0: must match pattern/],
    ['another', { ...board, power: { off: ['uhubctl', '\0'], on: ['uhubctl'], offMs: 1 } }, /\$\.power\.off\.1: must match pattern/],
    ['no object', [], /\$: must be object/],
  ];
  for (const [what, value, message] of cases) {
    await writeFile(join(dir, 'x.json'), JSON.stringify(value));
    await t.rejects(loadDevices([dir]), { kind: 'config', message }, what);
  }
  await writeFile(join(dir, 'x.json'), '{');
  await t.rejects(loadDevices([dir]), { kind: 'config', code: 'device.unreadable' });
  await rm(join(dir, 'x.json'));
  await execa('mkfifo', [join(dir, 'x.json')]);
  await t.rejects(loadDevices([dir]), { kind: 'config', code: 'device.unreadable', message: /no regular file/ }, 'a pipe is not waited for');
  await rm(join(dir, 'x.json'));
  await symlink('/dev/zero', join(dir, 'x.json'));
  await t.rejects(loadDevices([dir]), { kind: 'config', code: 'device.unreadable', message: /no regular file/ }, 'nor read what has no end');
});

t.test("the user's own folder", async (t) => {
  const dir = await tempDir(t);
  const m4 = JSON.parse(await readFile(join(builtInDevices, 'qemu-m4.json'), 'utf8')) as Record<string, unknown>;
  await writeFile(join(dir, 'mine.json'), JSON.stringify({ ...m4, id: 'mine' }));
  const dirs = deviceDirs({ HIL_DEVICES: dir });
  t.equal(findDevice(await loadDevices(dirs), 'mine').board, 'mps2-an386');
  await writeFile(join(dir, 'qemu-m4.json'), JSON.stringify(m4));
  await t.rejects(loadDevices(dirs), { code: 'device.defined-twice' });
  await t.rejects(loadDevices(deviceDirs({ HIL_DEVICES: '/nonexistent' })), { code: 'device.no-folder', hint: /HIL_DEVICES/ });
});

t.test('a device that lacks the part of its kind has no driver', async (t) => {
  const { qemu: _qemu, ...rest } = findDevice(await loadDevices([builtInDevices]), 'qemu-m4');
  for (const kind of ['qemu', 'fvp', 'serial'] as const) t.throws(() => createDevice({ ...rest, kind }), { kind: 'config', code: 'device.invalid' }, kind);
});
