import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DeviceSpec } from '../spec.ts';
import { tempDir } from './helpers.ts';

/** See the file: a stand-in for an FVP, not one. */
export const fvpStandIn = fileURLToPath(new URL('./fixtures/fvp-stand-in.mjs', import.meta.url));

export const fvpSpec: DeviceSpec = {
  schema: 'hil-device/1', id: 'test-fvp', description: 'for tests', kind: 'fvp', core: 'cortex-m55', board: 'mps3-an547', simulated: true,
  clockHz: 32_000_000, slots: 1, labels: {}, latency: { unit: 'instructions', quality: 'modelled', numerator: 1, denominator: 1 },
  timeouts: { startMs: 20_000, helloMs: 20_000, replyMs: 2000, silenceMs: 20_000 }, invocationLimitMs: 1000,
  fvp: {
    programs: ['FVP_Corstone_SSE-300_Ethos-U55'], boardInstance: 'mps3_board', npu: { name: 'Ethos-U55', macs: 128, fast: false },
    parameters: { 'core_clk.mul': '32000000', 'ethosu.num_macs': '128', 'no.such_parameter': '1' },
  },
  energy: { none: 'for tests' },
};

/** An install folder with the stand-in in the place of the program, and the environment that leads there. */
export async function installStandIn(t: { teardown(fn: () => unknown): unknown }, wishes: string, program = 'FVP_Corstone_SSE-300_Ethos-U55') {
  const folder = join(await tempDir(t), 'FVP_Corstone');
  const programs = join(folder, 'models', 'Linux64_GCC-9.3');
  await mkdir(programs, { recursive: true });
  await symlink(fvpStandIn, join(programs, program));
  return { folder, programs, program: join(programs, program), env: { ...process.env, HIL_FVP: folder, FVP_STAND_IN: wishes } };
}
