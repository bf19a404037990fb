import { setTimeout as sleep } from 'node:timers/promises';
import { throwIfAborted } from '../session.ts';
import type { FlasherSpec } from '../spec.ts';
import type { ToolAdapter, Workbench } from './command-line.ts';
import { flashError } from './flash-errors.ts';
import { hex } from './load-segments.ts';

type Spec = FlasherSpec & { readonly tool: 'dfu-util' };

/** How often the boot loader is looked for after the touch, milliseconds. */
const LOOK_MS = 250;
/** How long a board may take from the touch to its boot loader, milliseconds. */
const ENTER_MS = 10_000;

/** Boot loaders that `dfu-util -l` lists: 'Found DFU: [2341:035b] ver=0200, devnum=3, ..., path="1-2", alt=0, name="...", serial="..."'. */
function listed(output: string, spec: Spec): { readonly paths: Set<string>; readonly permission: boolean } {
  const lines = output.split('\n').filter((line) => line.includes(`Found DFU: [${spec.usbId}]`) && line.includes(`alt=${spec.alt},`));
  const wanted = lines.filter((line) => spec.serialNumber === undefined || line.includes(`serial="${spec.serialNumber}"`));
  const paths = new Set(wanted.map((line) => /path="([^"]*)"/.exec(line)?.[1] ?? line));
  return { paths, permission: new RegExp(`Cannot open DFU device ${spec.usbId}`).test(output) };
}

/** Waits for the boot loader after a touch; without one it must be there already. @throws HilError 'bench' where it is not alone */
async function awaitBootLoader(bench: Workbench, spec: Spec): Promise<void> {
  const deadline = performance.now() + (spec.touch1200 === true ? ENTER_MS : 0);
  for (;;) {
    const { output } = await bench.run(['-l']);
    const { paths, permission } = listed(output, spec);
    if (paths.size === 1) return;
    if (paths.size > 1) {
      throw flashError(bench.context.deviceId, 'dfu-util', 'several-probes', `${paths.size} boot loaders ${spec.usbId} answer: ${[...paths].join(', ')}`, { output });
    }
    if (permission) throw flashError(bench.context.deviceId, 'dfu-util', 'permission', undefined, { output });
    // Without a board the download itself says it in the tool's words.
    if (performance.now() >= deadline) return;
    await sleep(LOOK_MS, undefined, { signal: bench.signal }).catch(() => undefined);
    throwIfAborted(bench.signal, bench.context.deviceId);
  }
}

/** dfu-util, for boot loaders with ST's DfuSe extension (STM32's own, the Portenta's). Texts: its main.c, dfuse.c. */
export function dfuUtilAdapter(spec: Spec): ToolAdapter {
  return {
    tool: 'dfu-util', variable: 'HIL_DFU_UTIL', programs: ['dfu-util'], versionArgs: ['--version'],
    howToGet: 'Install it (Debian, Ubuntu: apt-get install dfu-util; macOS: brew install dfu-util), or set HIL_DFU_UTIL to its path.',
    usesBoardUsb: true,
    noProbeHint: `Put the board into its boot loader (two quick presses of reset, or the BOOT0 pin), or let hil do it by flasher.touch1200; "dfu-util -l" must list ${spec.usbId}.`,
    failures: [
      ['permission', /LIBUSB_ERROR_ACCESS|Cannot open DFU device/],
      ['several-probes', /More than one DFU capable USB device/],
      ['no-probe', /No DFU capable USB device|Lost device after RESET/],
      ['locked', /read.?protect|dfuERROR, status = 11|errVENDOR/i],
      ['wrong-target', /(page|address) .* is not (writ|eras)e?able|Last page .* not writeable|is not (writeable|erasable)/i],
    ],
    async steps(bench) {
      const { address, bytes } = bench.flat();
      if (address !== Number(spec.address)) {
        throw flashError(bench.context.deviceId, 'dfu-util', 'bad-image', `the image begins at ${hex(address)}, the device file says ${spec.address}`, {
          hint: 'The linker script of the board and flasher.address in the device file must say the same.',
        });
      }
      if (spec.touch1200 === true) await bench.options.port?.touch(bench.signal);
      await awaitBootLoader(bench, spec);
      const file = await bench.write('image.bin', bytes);
      return [{
        args: ['-d', spec.usbId, '-a', String(spec.alt), '-s', `${spec.address}:leave`, ...(spec.serialNumber === undefined ? [] : ['-S', spec.serialNumber]), '-D', file],
        success: /File downloaded successfully|Download done/,
        // A boot loader that leaves at once does not answer the last status request. Which of the two lines is read first is chance:
        // they come by two pipes.
        excuse: ({ output }) => (/File downloaded successfully/.test(output) && /get_status|LIBUSB_ERROR_(PIPE|NO_DEVICE|IO)/.test(output) ? 'the boot loader left without its last answer' : null),
      }];
    },
  };
}
