import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import { readRegularFile } from '../read-regular-file.ts';
import type { CaseReport, Place, Report } from '../report/index.ts';

/** As large as a suite may be. */
const MOST_BYTES = 16 << 20;

/** Lines (from 1) of the cases of a suite.json, by name: that of `"name"`. Empty where the text is no suite. */
export function linesOfCases(text: string): Map<string, number> {
  const lines = new Map<string, number>();
  const root = parseTree(text);
  const cases = root === undefined ? undefined : findNodeAtLocation(root, ['cases']);
  let line = 1;
  let at = 0;
  for (const one of cases?.type === 'array' ? cases.children ?? [] : []) {
    const name = one.type === 'object' ? findNodeAtLocation(one, ['name']) : undefined;
    if (name === undefined || typeof name.value !== 'string') continue;
    for (; at < name.offset; at++) if (text[at] === '\n') line++;
    if (!lines.has(name.value)) lines.set(name.value, line);
  }
  return lines;
}

/**
 * Where the cases of a run stand in the suite file, for annotations. The report names the file, and a report may come from
 * anywhere: only a file inside the workspace is read, and a suite that is not there gives no places.
 * @param workspace GITHUB_WORKSPACE
 */
export async function placesOfCases(report: Report, workspace: string): Promise<(one: CaseReport) => Place | null> {
  const nowhere = (): null => null;
  if (report.suite.file === null) return nowhere;
  try {
    const root = await realpath(workspace);
    const file = await realpath(path.resolve(root, report.suite.file));
    const relative = path.relative(root, file);
    if (relative === '' || relative.startsWith('..') || path.isAbsolute(relative)) return nowhere;
    const lines = linesOfCases((await readRegularFile(file, MOST_BYTES)).toString('utf8'));
    const name = relative.split(path.sep).join('/');
    return (one) => {
      const line = lines.get(one.name);
      return line === undefined ? null : { file: name, line };
    };
  } catch {
    return nowhere; // the suite is on another computer, or gone
  }
}
