import { crc32 } from '../link/index.ts';
import type { Cell } from './choose-cells.ts';

interface Line {
  readonly text: Buffer;
  readonly device: string;
  readonly case: string | null;
  readonly stage: string | null;
}

/**
 * The lines of a transcript that some cells need, sealed again. Lines that are in no case's name (a start, what the target printed, its
 * end) belong to the case that had taken the device before them; probes to groups of cases in their order.
 * @param bytes a transcript that readTranscript() took
 * @param groups by device: the cases of the run in the order in which it took them, those that were skipped left out
 * @param record SHA-256 of the plan.json that it will belong to
 */
export function cutTranscript(bytes: Buffer, groups: ReadonlyMap<string, readonly (readonly string[])[]>, cells: readonly Cell[], record: string): Buffer {
  const lines = linesOf(bytes);
  const kept = new Set<Line>();
  for (const [device, ofDevice] of groups) {
    const wanted = new Set(cells.filter((cell) => cell.device === device).map((cell) => cell.case));
    const probes = lines.filter((line) => line.device === device && line.stage === 'probe');
    // With repeated attempts there are more probes than groups; those that are not asked for do no harm.
    const byOrder = probes.length === ofDevice.length;
    for (const [k, probe] of probes.entries()) if (!byOrder || ofDevice[k]?.some((name) => wanted.has(name))) kept.add(probe);
    let owner: string | null = null;
    for (const line of lines) {
      if (line.device !== device || line.stage === 'probe') continue;
      if (line.stage === 'occupy') owner = line.case;
      if (wanted.has(line.case ?? owner ?? '')) kept.add(line);
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
