import { crc32 } from '../link/index.ts';
import type { Cell } from './choose-cells.ts';

interface Line {
  readonly text: Buffer;
  readonly device: string;
  readonly case: string | null;
  readonly stage: string | null;
}

/**
 * The lines of a transcript that some cells need, and sealed again. What a device did for a group of cases (probing, starting,
 * printing, ending) is in no case's name; it stands between the probe that began the group and the next one.
 * @param bytes a transcript that readTranscript() took
 * @param groups by device: the cases of the run in the order in which it took them, those that were skipped left out
 * @param record SHA-256 of the plan.json that it will belong to
 */
export function cutTranscript(bytes: Buffer, groups: ReadonlyMap<string, readonly (readonly string[])[]>, cells: readonly Cell[], record: string): Buffer {
  const lines = linesOf(bytes);
  const kept = new Set<Line>();
  for (const [device, ofDevice] of groups) {
    const wanted = new Set(cells.filter((cell) => cell.device === device).map((cell) => cell.case));
    const segments = segmentsOf(lines.filter((line) => line.device === device));
    for (const [s, segment] of segments.entries()) {
      const named = [...new Set(segment.flatMap((line) => line.case ?? []))];
      // A device that could not be used says nothing of its cases: then their order tells.
      const cases = named.length > 0 || segments.length !== ofDevice.length ? named : ofDevice[s] ?? [];
      if (cases.some((name) => wanted.has(name))) for (const line of segment) kept.add(line);
    }
  }
  const body = Buffer.concat(lines.filter((line) => kept.has(line)).map(({ text }) => text));
  const seal = { end: true, lines: kept.size, crc32: crc32(body), record };
  return Buffer.concat([body, Buffer.from(`${JSON.stringify(seal)}\n`)]);
}

function linesOf(bytes: Buffer): Line[] {
  const lines: Line[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf('\n', at) + 1;
    const text = bytes.subarray(at, end);
    const { device, case: of, stage } = JSON.parse(text.toString('utf8')) as Readonly<Record<string, unknown>>;
    if (typeof device === 'string') lines.push({ text, device, case: typeof of === 'string' ? of : null, stage: typeof stage === 'string' ? stage : null });
    at = end;
  }
  return lines;
}

function segmentsOf(lines: readonly Line[]): Line[][] {
  const segments: Line[][] = [];
  for (const line of lines) {
    if (line.stage === 'probe' || segments.length === 0) segments.push([]);
    segments.at(-1)?.push(line);
  }
  return segments;
}
