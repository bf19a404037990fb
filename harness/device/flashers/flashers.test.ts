// The command lines of all tools against stand-ins that take them as strictly as the tools do (the tools need hardware), and
// OpenOCD, dfu-util, bossac and pyOCD for real as far as they go without a probe.
import t from 'tap';
import { mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findTool } from '../find-tool.ts';
import { groupIsAlive } from '../process-identity.ts';
import type { Keeper } from '../keeper.ts';
import type { FlasherSpec } from '../spec.ts';
import { program, toolBench, writeImage } from '../testing/flashers.ts';
import type { ToolBench } from '../testing/flashers.ts';
import { keeperInto, tempDir, until } from '../testing/helpers.ts';
import { createFlasher } from './create-flasher.ts';
import type { BoardPort, FlashResult } from './flasher.ts';
import { loadSegments } from './load-segments.ts';
import { pyocdEnvironment } from '../testing/pyocd.ts';

t.setTimeout(180_000);
t.jobs = 3; // most of the time they wait for the stand-ins

const SPECS: Readonly<Record<string, FlasherSpec>> = {
  openocd: { tool: 'openocd', configs: ['interface/stlink.cfg', 'target/stm32f4x.cfg'], searchDirs: ['/opt/scripts'], probeSerial: 'PROBE1', speedKhz: 4000 },
  pyocd: { tool: 'pyocd', target: 'nrf52840', probeSerial: 'PROBE1', speedKhz: 4000 },
  'probe-rs': { tool: 'probe-rs', chip: 'STM32F407VG', probe: '0483:374b:PROBE1', speedKhz: 4000 },
  jlink: { tool: 'jlink', device: 'STM32F407VG', interface: 'SWD', speedKhz: 4000, probeSerial: 'PROBE1' },
  stm32cubeprogrammer: { tool: 'stm32cubeprogrammer', port: 'SWD', probeSerial: 'PROBE1', speedKhz: 4000 },
  'dfu-util': { tool: 'dfu-util', usbId: '2341:035b', alt: 0, address: '0x08000000', serialNumber: 'PROBE1' },
  bossac: { tool: 'bossac', touch1200: true, offset: '0x10000', usbPort: true },
  picotool: { tool: 'picotool', serialNumber: 'PROBE1', forceReboot: true },
  'alif-setools': { tool: 'alif-setools', part: 'E7 (AE722F80F55D5LS) - 5.5 MRAM / 13.5 SRAM', cpu: 'M55_HE', address: '0x80200000', revision: 'B4' },
  command: { tool: 'command', argv: ['flash-it', '{elf}'] },
};
/** Without the serial number of a probe. */
const ANY_PROBE: Readonly<Record<string, FlasherSpec>> = Object.fromEntries(Object.entries(SPECS).map(([name, spec]) => {
  const { probeSerial, serialNumber, probe, ...rest } = spec as FlasherSpec & { probeSerial?: string; serialNumber?: string; probe?: string };
  return [name, rest as FlasherSpec];
}));

function spy(): Keeper & { groups: number[] } {
  const groups: number[] = [];
  return { groups, ...keeperInto(groups) };
}

interface Attempt {
  readonly fault?: string;
  readonly more?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly address?: number;
  readonly keeper?: Keeper;
  readonly usb?: { devices: string; nodes: string };
  readonly port?: BoardPort;
}

const bytes = program(7);
/** Any file that there is: the stand-in does not open it. */
const aPort = (): BoardPort & { touches: number } => ({ touches: 0, find: async () => '/dev/null', async touch() { this.touches += 1; } });

async function attempt(t: { teardown(fn: () => unknown): unknown }, spec: FlasherSpec, options: Attempt = {}): Promise<{ bench: ToolBench; result: FlashResult; dir: string }> {
  const dir = await tempDir(t);
  const bench = await toolBench(dir, { ...(options.fault === undefined ? {} : { HIL_STAND_IN_FAULT: options.fault }), ...options.more });
  const image = await writeImage(dir, [{ address: options.address ?? (spec.tool === 'alif-setools' ? 0x8020_0000 : 0x0800_0000), bytes }]);
  const usb = options.usb ?? { devices: join(dir, 'none'), nodes: join(dir, 'none') };
  const flasher = createFlasher(spec, { deviceId: 'board', env: bench.env, usb, ...(options.keeper ? { keeper: options.keeper } : {}) });
  const workDir = join(dir, 'work');
  const outcome = await flasher.flash(image, { signal: options.signal ?? new AbortController().signal, workDir, timeoutMs: options.timeoutMs ?? 30_000, port: options.port ?? aPort() })
    .finally(async () => {
      if ((await readdir(workDir).catch(() => [])).length > 0) throw new Error('files are left in the work folder');
      if ((await readdir(join(dir, 'setools', 'build', 'images'))).length > 0) throw new Error('files are left in SETOOLS');
    });
  return { bench, result: outcome, dir };
}

for (const [name, spec] of Object.entries(SPECS)) {
  t.test(`${name}: flashes, and nothing is left of it`, { buffered: true }, async (t) => {
    const keeper = spy();
    const port = aPort();
    const { bench, result } = await attempt(t, spec, { keeper, port });
    const flashed = await readFile(bench.flashed);
    // What arrives is the program at its physical address, whether as ELF or as raw bytes.
    const arrived = flashed.readUInt32BE(0) === 0x7f454c46 ? Buffer.from(loadSegments(flashed)[0]!.bytes) : flashed.subarray(0, bytes.length);
    t.ok(arrived.equals(bytes));
    t.match(result.notes[0], name);
    t.ok(keeper.groups.length > 0 && !keeper.groups.some(groupIsAlive));
    t.equal(port.touches, name === 'bossac' ? 1 : 0);
    const calls = await readFile(bench.log, 'utf8');
    if ('probeSerial' in spec || 'serialNumber' in spec) t.match(calls, /PROBE1/, 'the probe is named');
  });
}

const FAULTS: readonly (readonly [fault: string, code: string, tools: readonly string[]])[] = [
  ['no-probe', 'flash.no-probe', ['openocd', 'pyocd', 'probe-rs', 'jlink', 'stm32cubeprogrammer', 'dfu-util', 'bossac', 'picotool']],
  ['several', 'flash.several-probes', ['pyocd', 'probe-rs', 'dfu-util', 'picotool']],
  ['permission', 'flash.permission', ['openocd', 'pyocd', 'probe-rs', 'jlink', 'stm32cubeprogrammer', 'dfu-util', 'bossac', 'picotool']],
  ['no-target', 'flash.no-target', ['openocd', 'pyocd', 'probe-rs', 'jlink', 'stm32cubeprogrammer', 'bossac', 'alif-setools']],
  ['wrong-target', 'flash.wrong-target', ['openocd', 'pyocd', 'probe-rs', 'jlink', 'stm32cubeprogrammer', 'dfu-util', 'bossac', 'picotool', 'alif-setools']],
  ['locked', 'flash.locked', ['openocd', 'pyocd', 'probe-rs', 'jlink', 'stm32cubeprogrammer', 'dfu-util', 'bossac', 'picotool']],
  ['verify', 'flash.verify', ['openocd', 'pyocd', 'probe-rs', 'jlink', 'stm32cubeprogrammer', 'bossac', 'picotool']],
  // Status 0, nothing flashed. Not "command": there status 0 is all that is known, and HELLO decides.
  ['silent', 'flash.failed', ['openocd', 'pyocd', 'probe-rs', 'jlink', 'stm32cubeprogrammer', 'dfu-util', 'bossac', 'picotool']],
  ['crash', 'flash.failed', ['openocd', 'command']],
];
for (const [fault, code, tools] of FAULTS) {
  t.test(`${fault} is ${code}, with what to do next`, { buffered: true }, async (t) => {
    const caught = await Promise.all(tools.map((name) => attempt(t, ANY_PROBE[name]!, { fault }).then(() => null, (error: unknown) => error)));
    for (const [index, name] of tools.entries()) {
      t.match(caught[index], { name: 'HilError', kind: 'bench', code, hint: /./, message: new RegExp(`^device board: flashing with ${name}: `) }, name);
    }
  });
}

t.test('a tool that does not know an option says so: its last lines are in the message', { buffered: true }, async (t) => {
  await t.rejects(attempt(t, { tool: 'command', argv: ['bossac', '--nonsense', '{bin}'] }), { code: 'flash.failed', message: /unrecognized option '--nonsense'/ });
});

t.test('no tool: flash.no-tool, and how to get it; the variable alone decides', { buffered: true }, async (t) => {
  for (const [name, spec] of Object.entries(SPECS)) {
    if (name === 'command') continue;
    const variable = { stm32cubeprogrammer: 'HIL_STM32_PROGRAMMER', 'alif-setools': 'HIL_SETOOLS' }[name] ?? `HIL_${name.toUpperCase().replaceAll('-', '_')}`;
    const more = { [variable]: '/nowhere/tool' };
    await t.rejects(attempt(t, spec, { more }), { code: 'flash.no-tool', message: new RegExp(variable), hint: /Install|Download/ }, name);
    const dir = await tempDir(t);
    const { env } = await toolBench(dir, more);
    t.match(await createFlasher(spec, { deviceId: 'board', env }).probe(), { usable: false, missing: [{ howToGet: /./ }] }, name);
    t.match(await createFlasher(spec, { deviceId: 'board', env: (await toolBench(await tempDir(t))).env }).probe(), { usable: true, found: [/\(.*(bin\/|setools)/] }, name);
  }
});

t.test('a serial number that is not there', { buffered: true }, async (t) => {
  for (const name of ['openocd', 'pyocd', 'probe-rs', 'jlink', 'stm32cubeprogrammer', 'picotool']) {
    await t.rejects(attempt(t, SPECS[name]!, { more: { HIL_STAND_IN_PROBES: 'OTHER' } }), { code: 'flash.no-probe' }, name);
  }
});

t.test('a tool that hangs with a grandchild is ended at its time limit, and on abort at once', { buffered: true }, async (t) => {
  const keeper = spy();
  await t.rejects(attempt(t, SPECS['openocd']!, { fault: 'hang', keeper, timeoutMs: 1500 }), { code: 'flash.timeout', kind: 'bench', message: /not done within 1500 ms/ });
  t.equal(keeper.groups.length, 1);
  t.notOk(groupIsAlive(keeper.groups[0]!), 'not even the grandchild is left');
  const abort = new AbortController();
  const cut = attempt(t, SPECS['pyocd']!, { fault: 'hang', keeper, signal: abort.signal });
  setTimeout(() => abort.abort(), 500);
  await t.rejects(cut, { kind: 'cancelled', code: 'device.cancelled' });
  t.notOk(keeper.groups.some(groupIsAlive));
});

t.test('slow, with progress and no line end for seconds: goes through', { buffered: true }, async (t) => {
  const { bench } = await attempt(t, SPECS['jlink']!, { fault: 'slow' });
  t.ok((await readFile(bench.flashed)).length > 0);
});

t.test('dfu-util: a boot loader that leaves without its last answer has flashed; a wrong address is told before', { buffered: true }, async (t) => {
  const { result } = await attempt(t, ANY_PROBE['dfu-util']!, { fault: 'no-target' });
  t.match(result.notes.join('\n'), /dfu-util\n.*left without its last answer/);
  await t.rejects(attempt(t, SPECS['dfu-util']!, { address: 0x0804_0000 }), { code: 'flash.bad-image', message: /begins at 0x08040000, the device file says 0x08000000/ });
  await t.rejects(attempt(t, SPECS['alif-setools']!, { address: 0x8000_0000 }), { code: 'flash.bad-image' });
});

t.test('several boards that the tool would not tell apart: seen by the system\'s list of USB devices', { buffered: true }, async (t) => {
  const dir = await tempDir(t);
  const usb = { devices: join(dir, 'devices'), nodes: join(dir, 'nodes') };
  const plug = async (number: number, fields: Readonly<Record<string, string>>): Promise<void> => {
    const at = join(usb.devices, `1-${number}`);
    await mkdir(at, { recursive: true });
    for (const [name, text] of Object.entries({ busnum: '1', devnum: String(number), ...fields })) await writeFile(join(at, name), `${text}\n`);
    await mkdir(join(usb.nodes, '001'), { recursive: true });
    await writeFile(join(usb.nodes, '001', String(number).padStart(3, '0')), '');
  };
  const openocd: FlasherSpec = { tool: 'openocd', configs: ['interface/stlink.cfg', 'target/stm32f4x.cfg'] };
  await plug(1, { idVendor: '0483', idProduct: '374b', product: 'STM32 STLink', serial: 'PROBE1' });
  await plug(2, { idVendor: '1366', idProduct: '0101', product: 'J-Link', serial: '000123' });
  await attempt(t, openocd, { usb });
  await plug(3, { idVendor: '0483', idProduct: '3748', product: 'STM32 STLink', serial: 'PROBE2' });
  await t.rejects(attempt(t, openocd, { usb }), { code: 'flash.several-probes', message: /2 probes.*PROBE1.*PROBE2/, hint: /probeSerial/ });
  await t.rejects(attempt(t, ANY_PROBE['stm32cubeprogrammer']!, { usb }), { code: 'flash.several-probes' });
  await attempt(t, { ...openocd, probeSerial: 'PROBE1' }, { usb });
  await t.rejects(attempt(t, { ...openocd, probeSerial: 'PROBE3' }, { usb }), { code: 'flash.no-probe', message: /PROBE3.*PROBE1/ });
  await rm(join(usb.nodes, '001', '003'));
  await attempt(t, { ...openocd, probeSerial: 'PROBE1' }, { usb });
  // What a tool may not open it mostly does not even list.
  for (const spec of [{ ...openocd, probeSerial: 'PROBE2' }, ANY_PROBE['probe-rs']!]) {
    await t.rejects(attempt(t, spec, { usb, fault: 'no-probe' }), { code: 'flash.permission', message: /may not open STM32 STLink \(0483:3748, serial number PROBE2\)/, hint: /idVendor.*0483.*3748/ });
  }
});

t.test('UF2: copied to the one volume, which then goes away', { buffered: true }, async (t) => {
  const dir = await tempDir(t);
  const root = join(dir, 'media');
  const volume = async (name: string, info = 'UF2 Bootloader v3.0\nModel: Raspberry Pi RP2\nBoard-ID: RPI-RP2\n'): Promise<string> => {
    await mkdir(join(root, name), { recursive: true });
    await writeFile(join(root, name, 'INFO_UF2.TXT'), info);
    return join(root, name);
  };
  const spec: FlasherSpec = { tool: 'uf2', volumeLabel: 'RPI-RP2', familyId: '0xe48bff56' };
  const image = await writeImage(dir, [{ address: 0x1000_0000, bytes }]);
  const env = { ...process.env, HIL_UF2_VOLUMES: root };
  const flasher = createFlasher(spec, { deviceId: 'pico', env });
  const flash = (timeoutMs = 10_000, signal = new AbortController().signal): Promise<FlashResult> => flasher.flash(image, { signal, workDir: join(dir, 'work'), timeoutMs });
  await t.rejects(flash(), { code: 'flash.no-probe', hint: /BOOTSEL/ });
  await mkdir(join(root, 'RPI-RP2'), { recursive: true });
  await t.rejects(flash(), { code: 'flash.no-probe' }, 'a folder without INFO_UF2.TXT is no boot loader');
  await volume('RPI-RP2', 'something else');
  await t.rejects(flash(), { code: 'flash.wrong-target' });
  const first = await volume('RPI-RP2');
  // A stick with a file system that has links may be called so too, and systems mount it without being asked.
  const mine = join(dir, 'mine');
  await writeFile(mine, 'precious');
  await symlink(mine, join(first, 'HIL.UF2'));
  await t.rejects(flash(), { code: 'flash.wrong-target', message: /a link/ });
  t.equal(await readFile(mine, 'utf8'), 'precious', 'what a link on the volume points to is not written over');
  await rm(join(first, 'HIL.UF2'));
  await rm(join(first, 'INFO_UF2.TXT'));
  await symlink('/dev/zero', join(first, 'INFO_UF2.TXT'));
  await t.rejects(flash(), { code: 'flash.failed', message: /INFO_UF2.TXT: it is no regular file/ });
  await rm(join(first, 'INFO_UF2.TXT'));
  await volume('RPI-RP2');
  await t.rejects(flash(300), { code: 'flash.timeout', message: /still there/, hint: /Board-ID: RPI-RP2/ }, 'the boot loader does not take it');
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 100);
  await t.rejects(flash(10_000, abort.signal), { kind: 'cancelled', code: 'device.cancelled' });
  await volume('RPI-RP21');
  await t.rejects(flash(), { code: 'flash.several-probes' });
  await rm(join(root, 'RPI-RP21'), { recursive: true });
  // The board: takes the file, then restarts and its volume goes.
  const taken = until('the file', 5000, async () => (await readFile(join(first, 'HIL.UF2')).catch(() => Buffer.alloc(0))).length === 512)
    .then(async () => (await sleep(50), readFile(join(first, 'HIL.UF2'))))
    .then(async (file) => (await rm(first, { recursive: true }), file));
  await rm(join(first, 'HIL.UF2'));
  const [file, result] = await Promise.all([taken, flash()]);
  t.ok(file.subarray(32, 32 + bytes.length).equals(bytes));
  t.equal(file.readUInt32LE(12), 0x1000_0000);
  t.match(result.notes, [/UF2/]);
});

// Real tools, no hardware: their "nothing there" is our bench error.
const REAL: readonly (readonly [string, FlasherSpec, RegExp])[] = [
  ['openocd', { tool: 'openocd', configs: ['interface/stlink.cfg', 'target/stm32f4x.cfg'], speedKhz: 2000 }, /open failed/],
  ['openocd', { tool: 'openocd', configs: ['interface/cmsis-dap.cfg', 'target/rp2040.cfg'], probeSerial: 'HIL0000' }, /unable to find a matching CMSIS-DAP device/],
  ['openocd', { tool: 'openocd', configs: ['interface/jlink.cfg', 'target/stm32f4x.cfg'] }, /No J-Link device found/],
  ['dfu-util', { tool: 'dfu-util', usbId: '2341:ffff', alt: 0, address: '0x08000000' }, /No DFU capable USB device available/],
  ['bossac', { tool: 'bossac', touch1200: false, usbPort: true }, /No device found on null/],
  ['pyocd', { tool: 'pyocd', target: 'nrf52840', probeSerial: 'HIL0000' }, /No connected debug probe matches unique ID 'HIL0000'/],
];
for (const [program, spec, said] of REAL) {
  const env = program === 'pyocd' ? await pyocdEnvironment() : process.env;
  const there = env !== null && (await findTool(`HIL_${program.toUpperCase().replace('-', '_')}`, [program], env)) !== null;
  t.test(`real ${program} without a probe${'configs' in spec ? ` (${spec.configs[0]})` : ''}`, { skip: there ? false : `no ${program}`, buffered: true }, async (t) => {
    const dir = await tempDir(t);
    const image = await writeImage(dir);
    const flasher = createFlasher(spec, { deviceId: 'board', env: env! });
    const usability = await flasher.probe();
    t.equal(usability.usable, true);
    t.match(usability.found[0], /\d+\.\d+/);
    const flash = flasher.flash(image, { signal: new AbortController().signal, workDir: dir, timeoutMs: 60_000, port: aPort() });
    await t.rejects(flash, { kind: 'bench', code: 'flash.no-probe', message: said });
  });
}
