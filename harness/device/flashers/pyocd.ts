import type { FlasherSpec } from '../spec.ts';
import { IMAGE_ELF } from './command-line.ts';
import type { ToolAdapter } from './command-line.ts';

type Spec = FlasherSpec & { readonly tool: 'pyocd' };

/**
 * pyOCD. Texts: pyocd/core/helpers.py and pyocd/flash/loader.py of 0.46. Without --no-wait it waits for a probe for ever;
 * with several probes it asks, and there is nobody to answer.
 */
export function pyocdAdapter(spec: Spec): ToolAdapter {
  const connect = [
    '--no-wait', '--no-config', '--target', spec.target,
    ...(spec.probeSerial === undefined ? [] : ['--uid', spec.probeSerial]),
    ...(spec.speedKhz === undefined ? [] : ['--frequency', `${spec.speedKhz}k`]),
  ];
  return {
    tool: 'pyocd', variable: 'HIL_PYOCD', programs: ['pyocd'], versionArgs: ['--version'],
    howToGet: 'Install it (python3 -m pip install pyocd), or set HIL_PYOCD to its path.',
    families: ['cmsis-dap', 'stlink', 'jlink'],
    failures: [
      ['several-probes', /Enter the number of the debug probe|More than one debug probe matches/],
      ['permission', /\[Errno 13\]|Access denied|insufficient permissions|LIBUSB_ERROR_ACCESS/i],
      ['no-probe', /No connected debug probe|No available debug probes|No target device available/],
      ['locked', /APPROTECT enabled|is in a? ?secure state|read.?out protection|device is locked/i],
      ['wrong-target', /Target type .* not recognized|does not match the (connected )?(device|target)/i],
      ['verify', /verif\w* fail|failed CRC|mismatch/i],
      ['no-target', /No ACK|Memory transfer fault|SWD\/JTAG communication failure|Transfer(Timeout)?Error|DP initiali[sz]ation/i],
    ],
    // -v: what it programmed is said at level "info", which is not the default of this command.
    steps: async () => [{ args: ['flash', '-v', ...connect, '--format', 'elf', IMAGE_ELF], success: /programmed \d+ bytes/ }],
    resetSteps: async () => [{ args: ['reset', ...connect] }],
  };
}
