import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { HilError } from '../errors.ts';
import { readRegularFile } from '../read-regular-file.ts';
import { overallVerdict, renderHtml, renderJson, type Report } from '../report/index.ts';
import { imageGroups, type RecordedRun } from '../replay/index.ts';
import { PLAN_FILE, RECORD_DIR, sha256Of } from '../run/index.ts';
import { uniqueSlugs } from '../suite/index.ts';
import type { Cell } from './choose-cells.ts';
import { cutTranscript } from './cut-transcript.ts';

const MAX_FILE_BYTES = 512 << 20;
/** Generated C beyond this is left out: it is there to be looked at, and nothing needs it. */
const MAX_GENERATED_BYTES = 64 << 20;
const PLAIN_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,150}$/;

/** The files of a run's folder, cut down to some of its cells. */
export interface CutRun {
  readonly report: Report;
  /** By name below the folder, parted by '/'. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * The folder of a run that had only these cells, as its own replay would make it.
 * @throws HilError 'config' bundle.no-file where a file of the run is gone meanwhile
 */
export async function cutRun(run: RecordedRun, cells: readonly Cell[]): Promise<CutRun> {
  const has = (name: string, device: string): boolean => cells.some((cell) => cell.case === name && cell.device === device);
  const devices = run.record.devices.filter(({ spec }) => cells.some(({ device }) => device === spec.id));
  const whole = run.report.cases.every(({ name, device }) => has(name, device));
  const files = new Map<string, Uint8Array>();

  const cutCases = (run.record.cases as readonly { readonly name: string; readonly devices: readonly string[] | null }[]).flatMap((plan) => {
    const on = devices.map(({ spec }) => spec.id).filter((id) => has(plan.name, id));
    if (on.length === 0) return [];
    // One that was meant for all devices, and is there on all that are left, stays as it was.
    const meant = devices.filter(({ spec }) => plan.devices === null || plan.devices.includes(spec.id));
    return [{ ...plan, devices: on.length === meant.length ? plan.devices : on }];
  });
  const kept = { ...run.record, devices, cases: cutCases, quarantined: Object.fromEntries(Object.entries(run.record.quarantined).filter(([id]) => devices.some(({ spec }) => spec.id === id))) };
  const plan = whole ? await read(run, RECORD_DIR, PLAN_FILE) : Buffer.from(`${JSON.stringify(kept)}\n`);
  files.set(`${RECORD_DIR}/${PLAN_FILE}`, plan);
  for (const sha256 of new Set(JSON.stringify(cutCases).match(/(?<=")[0-9a-f]{64}(?=")/g))) files.set(`${RECORD_DIR}/${sha256}.gz`, await read(run, RECORD_DIR, `${sha256}.gz`));

  const transcript = await read(run, 'transcript.ndjson');
  const groups = new Map(devices.map(({ spec }) => [spec.id, imageGroups(run, spec.id).map((group) => group.filter(({ skipReason }) => skipReason === null && run.record.quarantined[spec.id] === undefined).map(({ name }) => name)).filter((group) => group.length > 0)]));
  files.set('transcript.ndjson', whole ? transcript : cutTranscript(transcript, groups, cells, sha256Of(plan)));

  const cases = run.report.cases.filter(({ name, device }) => has(name, device));
  const report: Report = whole ? run.report : { ...run.report, cases, devices: run.report.devices.filter(({ id }) => devices.some(({ spec }) => spec.id === id)), verdict: overallVerdict(cases, run.report.verdict === 'interrupted') };
  files.set('report.json', whole ? await read(run, 'report.json') : Buffer.from(renderJson(report)));
  files.set('report.html', Buffer.from(renderHtml(report)));
  for (const sha256 of new Set(cases.flatMap(({ image }) => image?.sha256 ?? []))) {
    const file = run.images.get(sha256);
    if (file === undefined) throw new HilError('config', 'bundle.no-file', `an image of the run is not in ${path.join(run.dir, 'images')}, or was changed`, { hint: 'Bundle the whole folder of the run, as hil run wrote it.' });
    files.set(`images/${PLAIN_NAME.test(path.basename(file)) ? path.basename(file) : `${sha256.slice(0, 16)}.elf`}`, await read(run, 'images', path.basename(file)));
  }
  await addGenerated(run, cells, files);
  return { report, files };
}

/** The C that the images were made of, where hil generated it. */
async function addGenerated(run: RecordedRun, cells: readonly Cell[], files: Map<string, Uint8Array>): Promise<void> {
  const slugs = uniqueSlugs(run.cases.map(({ name }) => name));
  let left = MAX_GENERATED_BYTES;
  for (const cell of cells) {
    const folder = `${slugs[run.cases.findIndex(({ name }) => name === cell.case)]}.${cell.device}`;
    const entries = await readdir(path.join(run.dir, 'generated', folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.filter((each) => each.isFile() && PLAIN_NAME.test(each.name)).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const bytes = await read(run, 'generated', folder, entry.name);
      left -= bytes.length;
      if (left >= 0 && PLAIN_NAME.test(folder)) files.set(`generated/${folder}/${entry.name}`, bytes);
    }
  }
}

async function read(run: RecordedRun, ...names: readonly string[]): Promise<Buffer> {
  const file = path.join(run.dir, ...names);
  try {
    return await readRegularFile(file, MAX_FILE_BYTES);
  } catch (cause) {
    throw new HilError('config', 'bundle.no-file', `cannot read ${file}: ${(cause as Error).message}`, { hint: 'Bundle the whole folder of the run, as hil run wrote it.', cause });
  }
}
