import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { loadBoard } from '../../../build/board.ts';
import { buildImage } from '../../../build/build-image.ts';
import { examineDevices } from '../../../build/doctor.ts';
import { findTool } from '../../../device/find-tool.ts';
import { builtInDevices, loadDevices } from '../../../device/load-devices.ts';
import type { DeviceSpec } from '../../../device/spec.ts';
import { startTargetProcess } from '../../../device/target-process.ts';
import type { TargetProcess } from '../../../device/target-process.ts';
import { writeConformanceNetwork } from '../../../device/testing/conformance-network.ts';
import { until } from '../../../device/testing/helpers.ts';

export interface BoardOnPty {
  readonly path: string;
  readonly buildId: string;
  readonly process: TargetProcess;
}

const qemu = await findTool('HIL_QEMU', ['qemu-system-arm']);
const spec = (await loadDevices([builtInDevices])).find((device) => device.id === 'qemu-m3') as DeviceSpec;
const [diagnosis] = await examineDevices([spec]);

/** For tap's `skip`: false, or what is missing. */
export const noBoard: false | string = diagnosis!.usable ? false : diagnosis!.missing.map((each) => each.what).join('; ');

/** A function that starts the real agent on a real QEMU whose UART is a pseudo-terminal (-serial pty). The image is built once. */
export async function boardsOnPty(t: Test): Promise<(t: Test) => Promise<BoardOnPty>> {
  const dir = await mkdtemp(join(tmpdir(), 'hil-line-'));
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  const network = await writeConformanceNetwork(join(dir, 'net'));
  const image = await buildImage({ package: network, board: await loadBoard(spec.board), cacheDir: dir, signal: new AbortController().signal });
  return async (t) => {
    let path = '';
    const process = await startTargetProcess({
      file: qemu!.path, cwd: dir, linkOnStdio: false,
      args: ['-M', spec.qemu!.machine, '-display', 'none', '-monitor', 'none', '-no-reboot', '-icount', `shift=${spec.qemu!.icountShift},align=off,sleep=off`, '-serial', 'pty', '-kernel', image.elf],
      onText: (line) => (path ||= /redirected to (\S+)/.exec(line)?.[1] ?? ''),
    });
    t.teardown(() => process.stop());
    await until('the pty of QEMU', 15_000, () => path !== '');
    return { path, buildId: image.buildId, process };
  };
}
