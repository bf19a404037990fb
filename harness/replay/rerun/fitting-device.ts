import type { DeviceSpec } from '../../device/index.ts';
import { HilError } from '../../errors.ts';
import type { RecordedRun } from '../read-run.ts';

/** Which recorded device's images another one runs, and what is to be said of that. */
export interface Fitting {
  readonly recorded: DeviceSpec;
  readonly notes: readonly string[];
}

/**
 * The recorded device whose images a device can run: itself; else one of the same core and board, as an image has the memory map,
 * the start-up code and the UART of its board in it.
 * @throws HilError 'config' replay.device-does-not-fit | replay.not-recorded
 */
export function fittingDevice({ record, report }: Pick<RecordedRun, 'record' | 'report'>, spec: DeviceSpec): Fitting {
  const specs = record.devices.map((each) => each.spec);
  const dialect = [spec, ...specs].find((each) => each.firmware === 'mlperf-tiny');
  if (dialect !== undefined && (dialect === spec || specs.length === 1)) {
    throw new HilError('config', 'replay.not-recorded', `${dialect.id} runs stock MLPerf Tiny firmware, of which hil has no image`);
  }
  const recorded = specs.find(({ id }) => id === spec.id) ?? specs.find((each) => each.core === spec.core && each.board === spec.board);
  const show = (each: DeviceSpec): string => `${each.id} (core ${each.core}, board ${each.board})`;
  if (recorded === undefined || recorded.core !== spec.core || recorded.board !== spec.board) {
    throw new HilError('config', 'replay.device-does-not-fit', `the images of the run are for ${specs.map(show).join(', ')}; ${show(spec)} cannot run them`,
      { hint: 'Name a device of the same core and board, or build the suite again for this one with hil run.', facts: { recorded: specs.map(({ id, core, board }) => ({ id, core, board })), device: { id: spec.id, core: spec.core, board: spec.board } } });
  }
  const notes: string[] = [];
  if (recorded.id !== spec.id) notes.push(`run on ${spec.id}, recorded on ${recorded.id}: both are ${spec.core} on ${spec.board}`);
  if (recorded.id === spec.id && JSON.stringify(recorded) !== JSON.stringify(spec)) notes.push(`the device file of ${spec.id} here is not the one that the run had`);
  const { os, arch } = report.run.hostFingerprint;
  if (spec.kind === 'host') notes.push(`the image is a program for ${os} ${arch}, started on this computer as this user`);
  return { recorded, notes };
}
