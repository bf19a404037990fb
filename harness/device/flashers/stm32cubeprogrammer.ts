import type { FlasherSpec } from '../spec.ts';
import { IMAGE_ELF } from './command-line.ts';
import type { ToolAdapter } from './command-line.ts';

type Spec = FlasherSpec & { readonly tool: 'stm32cubeprogrammer' };

/** STM32CubeProgrammer's command line (ST UM2237). It takes the first ST-Link where no serial number is given. */
export function stm32CubeProgrammerAdapter(spec: Spec): ToolAdapter {
  const connect = [
    '-c', `port=${spec.port}`,
    ...(spec.probeSerial === undefined ? [] : [`sn=${spec.probeSerial}`]),
    ...(spec.speedKhz === undefined ? [] : [`freq=${spec.speedKhz}`]),
  ];
  return {
    tool: 'stm32cubeprogrammer', variable: 'HIL_STM32_PROGRAMMER', programs: ['STM32_Programmer_CLI', 'STM32_Programmer.sh'],
    howToGet: 'Install STM32CubeProgrammer from st.com and put its bin folder on PATH, or set HIL_STM32_PROGRAMMER to the path of STM32_Programmer_CLI.',
    families: ['stlink'], takesFirst: true, probeSerial: spec.probeSerial,
    failures: [
      ['permission', /DEV_USB_COMM_ERR|insufficient permissions|Access denied/i],
      ['no-probe', /No (debug probe|ST-?LINK) detected|ST-LINK .*not found|No STLink/i],
      ['locked', /read.?out protect|RDP|Read protected|memory is protected/i],
      ['verify', /Data mismatch found|verification (of .*)?failed|failed to verify/i],
      ['wrong-target', /Unknown device|Cannot identify the device|device ID .*(mismatch|not supported)/i],
      ['no-target', /No STM32 target found|Unable to get core ID|target (is )?not (found|powered)|connect error/i],
    ],
    steps: async () => [{ args: [...connect, '-w', IMAGE_ELF, '-v', '-rst'], success: /Download verified successfully/ }],
    resetSteps: async () => [{ args: [...connect, '-rst'], success: /reset is performed|MCU Reset/i }],
  };
}
