import type { FlasherSpec } from '../spec.ts';
import { IMAGE_ELF } from './command-line.ts';
import type { ToolAdapter } from './command-line.ts';

type Spec = FlasherSpec & { readonly tool: 'probe-rs' };

/**
 * probe-rs. Texts: probe-rs-tools/src/bin/probe-rs/util/{cli,common_options,flash}.rs, probe-rs/src/flashing/error.rs.
 * "download" leaves the core halted (issue 1219 there), hence the reset.
 */
export function probeRsAdapter(spec: Spec): ToolAdapter {
  const connect = [
    '--non-interactive', '--chip', spec.chip,
    ...(spec.probe === undefined ? [] : ['--probe', spec.probe]),
    ...(spec.speedKhz === undefined ? [] : ['--speed', String(spec.speedKhz)]),
  ];
  const reset = { args: ['reset', ...connect] };
  return {
    tool: 'probe-rs', variable: 'HIL_PROBE_RS', programs: ['probe-rs'], versionArgs: ['--version'],
    howToGet: 'Install it (cargo install probe-rs-tools, or its installer, see probe.rs), or set HIL_PROBE_RS to its path.',
    families: ['cmsis-dap', 'stlink', 'jlink'],
    failures: [
      ['several-probes', /The following devices were found:|\d+ probes were found/],
      ['permission', /permission/i],
      ['no-probe', /No connected probes were found|Probe was not found|No probe (was )?found|Failed to open the debug probe/i],
      ['locked', /is locked|APPROTECT|read(out)? protect|requires? .*erase.all to unlock/i],
      ['wrong-target', /chip '.*' was not found|does not match the (connected|detected)|unexpected (chip|target|core)/i],
      ['verify', /verification failed|contents do not match/i],
      ['no-target', /Connecting to the chip was unsuccessful|Target device did not respond|No target|Failed to attach/i],
    ],
    steps: async () => [{ args: ['download', ...connect, '--verify', '--disable-progressbars', IMAGE_ELF], success: /Finished in/ }, reset],
    resetSteps: async () => [reset],
  };
}
