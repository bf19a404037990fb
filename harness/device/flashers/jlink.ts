import type { FlasherSpec } from '../spec.ts';
import { IMAGE_ELF } from './command-line.ts';
import type { Step, ToolAdapter, Workbench } from './command-line.ts';

type Spec = FlasherSpec & { readonly tool: 'jlink' };

/**
 * J-Link Commander. Without -ExitOnError it ends with status 0 whatever happened (github.com/RIOT-OS/RIOT, pull request
 * 11303), and its first words are no proof either (github.com/tock/tockloader, pull request 70): "O.K." after loadfile is.
 */
export function jlinkAdapter(spec: Spec): ToolAdapter {
  async function script(bench: Workbench, lines: readonly string[], success: RegExp): Promise<readonly Step[]> {
    const file = await bench.write('commands.jlink', `${[...lines, 'exit'].join('\n')}\n`);
    return [{
      args: [
        '-device', spec.device, '-if', spec.interface, '-speed', String(spec.speedKhz), '-autoconnect', '1', '-NoGui', '1', '-ExitOnError', '1',
        ...(spec.probeSerial === undefined ? [] : ['-SelectEmuBySN', spec.probeSerial]), '-CommandFile', file,
      ],
      success,
    }];
  }
  return {
    tool: 'jlink', variable: 'HIL_JLINK', programs: ['JLinkExe', 'JLink'],
    howToGet: 'Install SEGGER\'s J-Link Software and Documentation Pack from segger.com, or set HIL_JLINK to the path of JLinkExe.',
    families: ['jlink'], takesFirst: true, probeSerial: spec.probeSerial,
    failures: [
      ['several-probes', /Multiple (emulators|J-Links)|Select (the )?emulator/i],
      ['permission', /permission|access denied/i],
      ['no-probe', /Cannot connect to (the )?J-Link|Failed to open DLL|No (emulators|J-Links?) (found|connected)|Connecting to J-Link via USB\.\.\.\s*FAILED/i],
      ['locked', /(read.?out|flash|access).{0,20}protect(ed|ion)|device is (secured|locked)|APPROTECT/i],
      ['verify', /verif\w* (failed|error)|mismatch/i],
      ['wrong-target', /Unknown \/ ?unsupported device|is not supported|unknown device|unexpected core/i],
      ['no-target', /Cannot connect to (the )?target|Could not connect to (the )?target|Could not find core|No device found on|InitTarget\(\): .*fail|VTref.* too low/i],
    ],
    steps: (bench) => script(bench, ['r', `loadfile ${IMAGE_ELF}`, 'r', 'g'], /loadfile [^]*\bO\.K\./i),
    resetSteps: (bench) => script(bench, ['r', 'g'], /Reset|Script processing completed/i),
  };
}
