import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FlasherSpec } from '../spec.ts';
import { IMAGE_ELF } from './command-line.ts';
import type { ToolAdapter } from './command-line.ts';
import type { ProbeFamily } from './usb-probes.ts';

type Spec = FlasherSpec & { readonly tool: 'openocd' };

/** Which probes the configuration files drive, as far as their names tell. */
function familiesOf(configs: readonly string[]): ProbeFamily[] {
  const names = configs.join(' ').toLowerCase();
  if (/\bstlink|\/st[_-]|\bstm32.*(disc|nucleo)/.test(names)) return ['stlink'];
  if (/\bjlink/.test(names)) return ['jlink'];
  return /\bcmsis-dap/.test(names) ? ['cmsis-dap'] : [];
}

/**
 * OpenOCD 0.11 and newer. Texts: src/flash/startup.tcl ("** Verified OK **"), src/jtag/drivers ("open failed", "unable to
 * find a matching CMSIS-DAP device", "libusb_open() failed with LIBUSB_ERROR_ACCESS").
 */
export function openocdAdapter(spec: Spec): ToolAdapter {
  const common = [
    ...(spec.searchDirs ?? []).flatMap((dir) => ['-s', resolve(dir)]),
    // It runs in a folder of its own: a file of the user's is named in full, one of OpenOCD's it finds by itself.
    ...spec.configs.flatMap((config) => ['-f', existsSync(config) ? resolve(config) : config]),
    ...(spec.probeSerial === undefined ? [] : ['-c', `adapter serial ${spec.probeSerial}`]),
    ...(spec.speedKhz === undefined ? [] : ['-c', `adapter speed ${spec.speedKhz}`]),
    // Two of them side by side would fight for the ports of the servers that nobody needs here.
    ...['gdb_port', 'tcl_port', 'telnet_port'].flatMap((port) => ['-c', `${port} disabled`]),
  ];
  return {
    tool: 'openocd', variable: 'HIL_OPENOCD', programs: ['openocd'], versionArgs: ['--version'],
    howToGet: 'Install it (Debian, Ubuntu: apt-get install openocd; macOS: brew install open-ocd), or set HIL_OPENOCD to its path.',
    families: familiesOf(spec.configs), takesFirst: true, probeSerial: spec.probeSerial,
    failures: [
      ['permission', /LIBUSB_ERROR_ACCESS|insufficient permissions|Permission denied/i],
      ['locked', /AP lock engaged|readout protection|device is (read )?protected|flash (memory )?(is )?(read )?protected|\bRDP\b.*(level|enabled)/i],
      ['wrong-target', /UNEXPECTED:? |unexpected idcode|Cannot identify target|unknown device id|auto_probe failed/i],
      ['verify', /\*\* Verify Failed \*\*|contents differ|checksum mismatch/i],
      ['no-target', /init mode failed|Error connecting DP|Could not find MEM-AP|Examination failed|Unable to reset target|Target not examined|Failed to read memory|could not be halted|No ACK/i],
      ['no-probe', /Error: open failed|unable to find a matching CMSIS-DAP|No J-Link device found|no device found|Can't find a picoprobe|unable to open .* device|no probe|couldn't open/i],
    ],
    steps: async () => [{ args: [...common, '-c', `program ${IMAGE_ELF} verify reset exit`], success: /\*\* Verified OK \*\*/ }],
    resetSteps: async () => [{ args: [...common, '-c', 'init', '-c', 'reset run', '-c', 'shutdown'] }],
  };
}
