import { setTimeout as sleep } from 'node:timers/promises';
import { throwIfAborted } from '../session.ts';
import type { FlasherSpec } from '../spec.ts';
import type { ToolAdapter, Workbench } from './command-line.ts';
import { flashError } from './flash-errors.ts';

type Spec = FlasherSpec & { readonly tool: 'bossac' };

const LOOK_MS = 100;
/** How long a board may take from the touch to its boot loader, milliseconds. */
const ENTER_MS = 10_000;
/** A boot loader's port is there a little before it answers, milliseconds. */
const SETTLE_MS = 300;

/** The touch, then the port of the boot loader, which may be another one. */
async function bootLoaderPort(bench: Workbench, spec: Spec): Promise<string> {
  const { port } = bench.options;
  const none = (what: string): Error => flashError(bench.context.deviceId, 'bossac', 'no-probe', what);
  if (port === undefined) throw none('this device has no serial port to program through');
  if (spec.touch1200) {
    bench.options.onStep?.('asking for the boot loader by a 1200 baud touch');
    await port.touch(bench.signal);
    await sleep(SETTLE_MS, undefined, { signal: bench.signal }).catch(() => undefined);
  }
  for (const deadline = performance.now() + ENTER_MS; ;) {
    throwIfAborted(bench.signal, bench.context.deviceId);
    const path = await port.find();
    if (path !== null) return path;
    if (performance.now() >= deadline || bench.deadline.left() === 0) throw none(`no port of the boot loader appeared within ${ENTER_MS} ms`);
    await sleep(LOOK_MS, undefined, { signal: bench.signal }).catch(() => undefined);
  }
}

/**
 * BOSSA's bossac. The nRF52840 of the Nano 33 BLE needs Arduino's fork of it (1.9.1-arduino2): the original does not know the
 * chip. No --verify: that boot loader cannot, and HELLO decides. Texts: src/bossac.cpp.
 */
export function bossacAdapter(spec: Spec): ToolAdapter {
  return {
    tool: 'bossac', variable: 'HIL_BOSSAC', programs: ['bossac'], versionArgs: ['--help'],
    howToGet: 'Install it (Debian, Ubuntu: apt-get install bossa-cli; for nRF52840 boards the one that the Arduino IDE brings with their package), or set HIL_BOSSAC to its path.',
    usesBoardUsb: true,
    noProbeHint: 'Press reset twice, quickly: the boot loader\'s port must be one of those that serial.port in the device file means.',
    failures: [
      ['permission', /Permission denied/i],
      ['wrong-target', /Device unsupported|Flash offset is invalid|exceeds flash size/],
      ['locked', /page is locked|security bit/i],
      ['verify', /Verify failed/],
      ['no-probe', /No device found on|No serial ports available|Failed to open port/],
      ['no-target', /SAM-BA operation failed/],
    ],
    async steps(bench) {
      const file = await bench.write('image.bin', bench.flat().bytes);
      const port = await bootLoaderPort(bench, spec);
      return [{
        args: [
          '-i', '-e', '-w', `--port=${port.replace(/^\/dev\//, '')}`, ...(spec.usbPort === undefined ? [] : [`--usb-port=${spec.usbPort}`]),
          ...(spec.offset === undefined ? [] : [`--offset=${spec.offset}`]), file, '-R',
        ],
        success: /Write \d+ bytes to flash[^]*100%[^]*Done in/,
      }];
    },
  };
}
