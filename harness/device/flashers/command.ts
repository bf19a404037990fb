import type { FlasherSpec } from '../spec.ts';
import { IMAGE_ELF } from './command-line.ts';
import type { ToolAdapter } from './command-line.ts';
import { flashError } from './flash-errors.ts';

type Spec = FlasherSpec & { readonly tool: 'command' };

/** Any program. {elf}, {bin} and {port} in its arguments stand for paths; status 0 is success, and HELLO has the last word. */
export function commandAdapter(spec: Spec): ToolAdapter {
  const [program, ...args] = spec.argv as [string, ...string[]];
  return {
    tool: 'command', variable: 'HIL_FLASH_COMMAND', programs: [program],
    howToGet: `Install ${program}, give its full path in flasher.argv of the device file, or set HIL_FLASH_COMMAND to its path.`,
    usesBoardUsb: args.some((arg) => arg.includes('{port}')),
    failures: [['permission', /LIBUSB_ERROR_ACCESS|Permission denied/i]],
    async steps(bench) {
      const bin = args.some((arg) => arg.includes('{bin}')) ? await bench.write('image.bin', bench.flat().bytes) : '';
      const port = args.some((arg) => arg.includes('{port}')) ? await bench.options.port?.find() ?? null : '';
      if (port === null) throw flashError(bench.context.deviceId, 'command', 'no-probe', 'the port of the board is not there');
      const words: Readonly<Record<string, string>> = { '{elf}': IMAGE_ELF, '{bin}': bin, '{port}': port };
      return [{ args: args.map((arg) => arg.replace(/\{(elf|bin|port)\}/g, (word) => words[word]!)) }];
    },
  };
}
