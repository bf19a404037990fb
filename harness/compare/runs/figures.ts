import type { CaseReport, ReportDevice } from '../../report/index.ts';
import type { FigureDiff } from './run-diff.ts';

/** A case and the device it ran on. */
export interface CaseOnDevice { readonly report: CaseReport; readonly device: ReportDevice | undefined }

/**
 * Latency, memory and energy of two cases beside each other. Figures of different quality, unit, compiler, flags, device or clock are
 * shown, but no change is computed from them. Figures that a second run of the same thing would not repeat exactly are shown with
 * their change, and make nothing different.
 */
export function figuresOf(a: CaseOnDevice, b: CaseOnDevice): FigureDiff[] {
  const otherBuild = buildDifference(a.report, b.report);
  const otherDevice = deviceDifference(a.device, b.device);
  return [...latencyOf(a, b, [otherBuild, otherDevice]), ...memoryOf(a.report, b.report, otherBuild), ...energyOf(a.report, b.report, [otherBuild, otherDevice])];
}

/** What the two images were built with otherwise; ''. */
export function buildDifference({ image: a }: CaseReport, { image: b }: CaseReport): string {
  if (a === null || b === null) return a === b ? '' : 'only one was built';
  if (a.compiler !== b.compiler) return `compiler ${a.compiler} / ${b.compiler}`;
  const [before, after] = [new Set(a.flags), new Set(b.flags)];
  const less = [...before].filter((flag) => !after.has(flag));
  const more = [...after].filter((flag) => !before.has(flag));
  return less.length + more.length === 0 ? '' : `flags ${[...(less.length > 0 ? [`without ${less.join(' ')}`] : []), ...(more.length > 0 ? [`with ${more.join(' ')}`] : [])].join(', ')}`;
}

export function deviceDifference(a: ReportDevice | undefined, b: ReportDevice | undefined): string {
  if (a === undefined || b === undefined) return a === b ? '' : 'a device is not described';
  if (a.kind !== b.kind || a.core !== b.core) return `device ${a.kind} ${a.core} / ${b.kind} ${b.core}`;
  return a.clockHz === b.clockHz ? '' : `clock ${a.clockHz} Hz / ${b.clockHz} Hz`;
}

function latencyOf({ report: { latency: a } }: CaseOnDevice, { report: { latency: b } }: CaseOnDevice, others: readonly string[]): FigureDiff[] {
  if (a === null || b === null) return a === b ? [] : [figure('latency', a === null ? 'not measured' : text(a), b === null ? 'not measured' : text(b), null, 'only one was measured', false)];
  const why = [a.unit === b.unit ? '' : `unit ${a.unit} / ${b.unit}`, a.quality === b.quality ? '' : `quality ${a.quality} / ${b.quality}`, ...others].find((one) => one !== '') ?? '';
  // Modelled is counted and repeats exactly; a clock that ticks by itself does not. Within the other's range it is what samples differ by.
  return [figure('latency', text(a), text(b), ratio(a.median, b.median), why, a.quality === 'modelled' && a.median !== b.median && (b.median < a.min || b.median > a.max || a.median < b.min || a.median > b.max))];
}

const text = ({ median, unit, quality }: NonNullable<CaseReport['latency']>): string => `${median} ${unit} (${quality})`;

const MEMORY = [['flash', 'flashBytes'], ['RAM', 'ramBytes'], ['arena', 'arenaBytes'], ['stack', 'stackBytes']] as const;

function memoryOf({ memory: a }: CaseReport, { memory: b }: CaseReport, otherBuild: string): FigureDiff[] {
  if (a === null || b === null) return [];
  return MEMORY.flatMap(([what, key]) => {
    const [x, y] = [a[key], b[key]];
    if (x === null || y === null) return x === y ? [] : [figure(what, x === null ? 'not measured' : `${x} B`, y === null ? 'not measured' : `${y} B`, null, 'only one was measured', false)];
    return [figure(what, `${x} B`, `${y} B`, ratio(x, y), otherBuild, x !== y)];
  });
}

function energyOf({ energy: a }: CaseReport, { energy: b }: CaseReport, others: readonly string[]): FigureDiff[] {
  if (a === null || b === null) return [];
  const why = [a.unit === b.unit ? '' : `unit ${a.unit} / ${b.unit}`, a.quality === b.quality ? '' : `quality ${a.quality} / ${b.quality}`, a.source === b.source ? '' : 'another source', ...others].find((one) => one !== '') ?? '';
  // It follows the latency: a change is told there.
  return [figure('energy', `${a.value} ${a.unit} (${a.quality})`, `${b.value} ${b.unit} (${b.quality})`, ratio(a.value, b.value), why, false)];
}

const ratio = (a: number, b: number): number | null => (a === 0 ? null : b / a - 1);

const figure = (what: string, a: string, b: string, change: number | null, notComparable: string, changed: boolean): FigureDiff =>
  ({ what, a, b, change: notComparable === '' ? change : null, notComparable, changed: changed && notComparable === '' });
