import { bytes, number } from './format.ts';
import type { CaseReport, Report, ReportDevice } from './report.ts';

/** Every case beside itself on the other devices. */
export interface DeviceMatrix {
  readonly devices: readonly ReportDevice[];
  /** A cell for each device, in their order; null: the case is not meant for it. */
  readonly rows: readonly { readonly name: string; readonly cells: readonly (CaseReport | null)[] }[];
}

/** The cases in their order, with a column a device; null where there are not at least two devices. */
export function deviceMatrix(report: Report): DeviceMatrix | null {
  const { devices, cases } = report;
  if (devices.length < 2 || cases.length === 0) return null;
  const names = [...new Set(cases.map(({ name }) => name))];
  const byPlace = new Map(cases.map((one) => [JSON.stringify([one.name, one.device]), one]));
  return { devices, rows: names.map((name) => ({ name, cells: devices.map(({ id }) => byPlace.get(JSON.stringify([name, id])) ?? null) })) };
}

/** "22 391 instructions (modelled)": beside figures of other devices a number never stands without its unit and what it is worth. Plain text. */
export function latencyCell({ latency }: CaseReport): string {
  return latency === null ? '-' : `${number(latency.median)} ${latency.unit} (${latency.quality})`;
}

/** "18.1 KiB / 6.1 KiB / 616 B": flash, RAM and stack. Plain text. */
export function memoryCell({ memory }: CaseReport): string {
  return memory === null ? '-' : [memory.flashBytes, memory.ramBytes, memory.stackBytes].map((value) => (value === null ? '-' : bytes(value))).join(' / ');
}

/** "qemu-x: no program y": devices that a selector found and that are not here. Plain text, untrusted. */
export function leftOutLines({ run }: Report): string[] {
  return (run.leftOut ?? []).map(({ device, why }) => `${device}: ${why}`);
}
