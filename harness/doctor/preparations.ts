import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildImage, checkToolchain, loadBoard, type BuiltImage } from '../build/index.ts';
import type { Device, DeviceSpec } from '../device/index.ts';
import { createFlasher } from '../device/flashers/index.ts';
import { isNear, resolvePort, type NearPort, type ResolvedPort } from '../device/ports/index.ts';
import { HilError } from '../errors.ts';
import { obstacle } from '../link/transports/port-errors.ts';
import { writeProbeNetwork } from './probe-network.ts';
import { found, type Steps } from './step.ts';

/** @throws HilError where there is no compiler for the device's board */
export async function lookForCompiler(spec: DeviceSpec, env: NodeJS.ProcessEnv): Promise<string> {
  return found(await checkToolchain((await loadBoard(spec.board)).toolchain, env));
}

/** The tool that starts or flashes, and where there is one, the port and the right to open it. */
export async function lookForDevice(spec: DeviceSpec, device: Device, steps: Steps, env: NodeJS.ProcessEnv): Promise<void> {
  const { serial } = spec;
  if (serial === undefined) {
    await steps.step('tool', async () => found(await device.probe()), (text) => text);
    return;
  }
  const flasher = spec.flasher === undefined || spec.firmware === 'mlperf-tiny' ? null : createFlasher(spec.flasher, { deviceId: spec.id, env });
  const told: string[] = [];
  if (flasher !== null) await steps.step('flasher', async () => { const seen = await flasher.probe(); told.push(...seen.found); return found(seen); }, (text) => text);
  const { port } = serial;
  if (isNear(port)) {
    const there = await steps.step('port', () => portOf(spec.id, port, flasher?.usesBoardUsb ?? false), (resolved) => resolved?.name ?? 'none yet: it comes with the first image');
    if (there !== null) {
      told.push(`port ${there.name}`);
      await steps.step('permission', () => mayBeOpened(spec.id, there), () => 'may be opened');
    }
  }
  // Whatever else the driver needs: the tools of the power supply.
  await steps.step('driver', async () => {
    const seen = await device.probe();
    return found({ ...seen, found: seen.found.filter((text) => !told.includes(text)) });
  }, (text) => text);
}

async function portOf(deviceId: string, port: NearPort, comesWithFlashing: boolean): Promise<ResolvedPort | null> {
  return resolvePort(port, { deviceId }).catch((error: unknown) => {
    if (comesWithFlashing && error instanceof HilError && error.code === 'port.not-found') return null;
    throw error;
  });
}

async function mayBeOpened(deviceId: string, { path, name }: ResolvedPort): Promise<void> {
  const reason = await obstacle(deviceId, path, name);
  // Who has it open may be a run of this device, of which the lease tells more; else the start will say so.
  if (reason !== null && reason.code !== 'port.busy') throw reason;
}

/** Builds the doctor's own image. @throws HilError */
export async function probeImage(spec: DeviceSpec, { cacheDir, signal, env }: { readonly cacheDir: string; readonly signal: AbortSignal; readonly env: NodeJS.ProcessEnv }, workDir: string): Promise<BuiltImage> {
  const dir = join(workDir, 'network');
  await mkdir(dir);
  return buildImage({ package: await writeProbeNetwork(dir), board: await loadBoard(spec.board), cacheDir, signal, env });
}
