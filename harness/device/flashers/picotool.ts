import type { FlasherSpec } from '../spec.ts';
import { IMAGE_ELF } from './command-line.ts';
import type { ToolAdapter } from './command-line.ts';

type Spec = FlasherSpec & { readonly tool: 'picotool' };

/** picotool 1.1 and newer. Texts: its main.cpp; its exit codes are negative numbers (errors.h), 249 for "no device". */
export function picotoolAdapter(spec: Spec): ToolAdapter {
  return {
    tool: 'picotool', variable: 'HIL_PICOTOOL', programs: ['picotool'], versionArgs: ['version'],
    howToGet: 'Install picotool (github.com/raspberrypi/picotool; newer Debian: apt-get install picotool), or set HIL_PICOTOOL to its path.',
    usesBoardUsb: true,
    noProbeHint: 'Hold BOOTSEL while plugging the board in. flasher.forceReboot works only with firmware that has the USB reset interface of the Pico SDK.',
    failures: [
      ['several-probes', /Multiple RP|requires a single RP/],
      ['permission', /picotool was unable to connect/],
      ['no-probe', /No accessible RP/],
      ['verify', /did not match the file|Verifying [^]*FAILED/],
      ['locked', /not permitted|secure boot|partition .* not writable/i],
      ['wrong-target', /cannot be (loaded|used) (on|with)|family ID .* (not|cannot)|not a valid RP2/i],
    ],
    steps: async () => [{
      args: ['load', '-v', '-x', ...(spec.serialNumber === undefined ? [] : ['--ser', spec.serialNumber]), ...(spec.forceReboot === true ? ['-f'] : []), IMAGE_ELF],
      success: /Verifying [^]*\bOK\b/,
    }],
  };
}
