import type { Device, DeviceSession } from '../device/index.ts';
import { HilError } from '../errors.ts';
import { systemClock } from '../link/index.ts';
import { openDut, payloadBytes, payloadForm, referenceModelName, type Dut } from '../link/mlperf/index.ts';
import type { ReferenceRunner } from '../reference/index.ts';
import { withEnd } from './case-session.ts';
import { DutReference } from './dut-reference.ts';

export interface DutSession {
  readonly dut: Dut;
  close(): Promise<void>;
}

/** After the stream closed, the target's own end is waited for this long, ms. */
const END_GRACE_MS = 500;

/**
 * Attaches to the board, which is neither flashed nor reset by hil, and finds its firmware.
 * @throws HilError whatever start and openDut throw
 */
export async function openDutSession(device: Device, options: { readonly signal: AbortSignal; readonly workDir: string; readonly onLog: (line: string) => void }): Promise<DutSession> {
  const { spec } = device;
  const { signal, onLog } = options;
  const session = await device.start('attached', { signal, workDir: options.workDir, onText: onLog, onStep: onLog });
  try {
    const dut = await openDut(session.stream, {
      deviceId: spec.id, signal, clock: systemClock, onLog,
      timeouts: { readyMs: spec.timeouts.helloMs, replyMs: spec.timeouts.replyMs },
      throughIoManager: spec.mlperfTiny?.ioManager ?? false, readBack: spec.mlperfTiny?.readBack ?? true,
    });
    return { dut, close: async () => { await dut.close(); await session.stop(); } };
  } catch (error) {
    const explained = await withItsEnd(error, session);
    await session.stop();
    throw explained;
  }
}

async function withItsEnd(error: unknown, session: DeviceSession): Promise<unknown> {
  if (!(error instanceof HilError) || error.code !== 'dut.closed') return error;
  const end = await Promise.race([session.ended, new Promise<null>((resolve) => setTimeout(resolve, END_GRACE_MS, null))]);
  return end === null ? error : withEnd(error, end);
}

/**
 * How the firmware takes samples of this model, once it is clear that it is a firmware for this model: by name where the model is
 * one of the reference models, by the input's size where it is not.
 * @throws HilError 'bench' dut.other-model; 'config' dut.model
 */
export function agreeOnModel(deviceId: string, dut: Pick<Dut, 'model'>, runner: ReferenceRunner, notes: string[]): DutReference {
  const known = referenceModelName(runner.model.sha256);
  const other = (why: string): HilError => new HilError('bench', 'dut.other-model', `device ${deviceId}: its firmware has another model: ${why}`,
    { hint: 'Flash the firmware of this model, or choose the case that belongs to the one on the board.', facts: { device: deviceId, firmware: dut.model, model: known } });
  if (known !== null && known !== dut.model) throw other(`it says ${JSON.stringify(dut.model.slice(0, 80))}, the case's model is ${known}`);
  const reference = new DutReference(runner, payloadForm(dut.model));
  if (known !== null) return reference;
  const bytes = reference.payloadBytes(runner.graph.inputs.reduce((sum, index) => sum + runner.tensors[index]!.byteLength, 0));
  const expected = payloadBytes(dut.model);
  if (expected !== null && expected !== bytes) throw other(`it says ${dut.model}, which takes ${expected} bytes, and the case's model ${bytes}`);
  notes.push(expected === null
    ? `the firmware calls its model ${JSON.stringify(dut.model.slice(0, 80))}, which says nothing: taken to be the case's, with samples as int8 codes`
    : `the case's model is none of MLPerf Tiny's reference models: the firmware (${dut.model}) is taken to have it because the input is of the same size`);
  return reference;
}
