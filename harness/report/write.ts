import * as nodeFs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HilError } from '../errors.ts';
import { syncFolder, writeFileAtomically, type ReportFs } from './atomic.ts';
import { renderHtml } from './html/html.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import type { Report } from './report.ts';
import { renderTap } from './tap14.ts';
import { validateReport } from './validate.ts';

/** In the order they are written: report.json comes last, so that where it is, the others are. */
const WRITERS: readonly (readonly [name: string, render: (report: Report) => string])[] = [
  ['report.html', renderHtml], ['junit.xml', renderJunit], ['report.tap', renderTap], ['summary.md', renderMarkdown], ['report.json', renderJson],
];

export interface ExtraFile {
  /** Path below the folder, of plain names: letters, digits, `.`, `_`, `-`, parted by `/`. */
  readonly name: string;
  readonly data: string | Uint8Array;
}

/**
 * Writes report.html, junit.xml, report.tap, summary.md and report.json, and further files, into a folder that it makes.
 * One format that can't be written doesn't keep the others from it.
 * @returns the path of each file, by its name.
 * @throws HilError 'bench': 'report.write' with facts.written and facts.failed; 'report.invalid' (a bug of ours) after
 *   writing, where the report breaks its own schema: it is kept to look at, but nobody may take it for a good one.
 */
export async function writeReports(report: Report, dir: string, fs: ReportFs = nodeFs, extra: readonly ExtraFile[] = []): Promise<Record<string, string>> {
  const written: Record<string, string> = {};
  const failed: { name: string; error: unknown }[] = [];
  const files = [...extra.map(({ name, data }) => [name, () => data] as const), ...WRITERS.map(([name, render]) => [name, () => render(report)] as const)];
  for (const [name, content] of files) {
    try {
      if (!isPlainPath(name)) throw new HilError('bench', 'report.file-name', 'not a plain path below the report folder');
      const path = join(dir, name);
      await fs.mkdir(dirname(path), { recursive: true });
      await writeFileAtomically(path, content(), fs);
      written[name] = path;
    } catch (error) {
      failed.push({ name, error });
    }
  }
  await syncFolder(dir, fs);
  const [first] = failed;
  if (first !== undefined) {
    const names = failed.map(({ name }) => name);
    throw new HilError('bench', 'report.write', `could not write ${names.join(', ')} in ${dir}: ${first.error instanceof Error ? first.error.message : String(first.error)}`, {
      hint: 'Check the space and the rights there, or choose another folder with --out.', facts: { dir, written, failed: names }, cause: first.error,
    });
  }
  const errors = validateReport(report);
  if (errors.length > 0) throw new HilError('bench', 'report.invalid', `the report breaks its own schema: ${errors[0]}`, { facts: { dir, errors } });
  return written;
}

function isPlainPath(name: string): boolean {
  return name.length <= 200 && name.split('/').every((part) => /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(part));
}
