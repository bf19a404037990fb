import type { FlasherSpec } from '../spec.ts';
import { alifSetoolsFlasher } from './alif-setools.ts';
import { bossacAdapter } from './bossac.ts';
import { commandLineFlasher } from './command-line.ts';
import { commandAdapter } from './command.ts';
import { dfuUtilAdapter } from './dfu-util.ts';
import type { Flasher, FlasherContext } from './flasher.ts';
import { jlinkAdapter } from './jlink.ts';
import { openocdAdapter } from './openocd.ts';
import { picotoolAdapter } from './picotool.ts';
import { probeRsAdapter } from './probe-rs.ts';
import { pyocdAdapter } from './pyocd.ts';
import { stm32CubeProgrammerAdapter } from './stm32cubeprogrammer.ts';
import { uf2Flasher } from './uf2-volume.ts';

/** The adapter for a device file's flasher entry. Looks for nothing yet. */
export function createFlasher(spec: FlasherSpec, context: FlasherContext): Flasher {
  switch (spec.tool) {
    case 'openocd':
      return commandLineFlasher(openocdAdapter(spec), context);
    case 'pyocd':
      return commandLineFlasher(pyocdAdapter(spec), context);
    case 'probe-rs':
      return commandLineFlasher(probeRsAdapter(spec), context);
    case 'jlink':
      return commandLineFlasher(jlinkAdapter(spec), context);
    case 'stm32cubeprogrammer':
      return commandLineFlasher(stm32CubeProgrammerAdapter(spec), context);
    case 'dfu-util':
      return commandLineFlasher(dfuUtilAdapter(spec), context);
    case 'bossac':
      return commandLineFlasher(bossacAdapter(spec), context);
    case 'picotool':
      return commandLineFlasher(picotoolAdapter(spec), context);
    case 'command':
      return commandLineFlasher(commandAdapter(spec), context);
    case 'uf2':
      return uf2Flasher(spec, context);
    case 'alif-setools':
      return alifSetoolsFlasher(spec, context);
  }
}
