import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { addToStepSummary, placesOfCases } from '../../ci/index.ts';
import { HilError } from '../../errors.ts';
import { escapeTerminal, githubAnnotations, parseReport, terminalReport, writeReports, type Report } from '../../report/index.ts';
import { makeOutFolder } from '../out-folder.ts';
import type { CommandAction } from '../program.ts';
import { REPORT_STYLES, type Terminal } from '../terminal.ts';

/** A report of 100 layers and 1000 samples has less than 2 MB; what comes from elsewhere may be anything. */
const MOST_BYTES = 256 << 20;

/** hil report RUN: report.html, summary.md, junit.xml and report.tap again from report.json. Exit 0 says that they were written, not that the run passed. */
export const report: CommandAction<{ readonly out?: string; readonly github?: boolean }> = async ([run], options, { terminal }) => {
  const file = await reportFile(run as string);
  const read = parseReport(await readText(file), file);
  const out = options.out ?? path.dirname(file);
  await makeOutFolder(out);
  const files = await writeReports(read, out);
  const github = options.github === true ? await tellGithub(read, terminal) : null;
  terminal.result({ verdict: read.verdict, cases: read.cases.length, files, ...(github === null ? {} : { github }) });
  const lines = terminalReport(read, { paint: (style, text) => terminal.style(REPORT_STYLES[style], text), verbose: terminal.verbose });
  for (const line of terminal.quiet ? lines.slice(-1) : lines) terminal.out(line);
  if (!terminal.quiet) terminal.out(`Report: ${escapeTerminal(files['report.html'] ?? out)}`);
  return 0;
};

/** Annotations where the runner reads them: standard output, or with --json standard error, which it reads too. */
async function tellGithub(report: Report, terminal: Terminal): Promise<{ readonly annotations: readonly string[]; readonly summary: string }> {
  const { GITHUB_WORKSPACE: workspace, GITHUB_STEP_SUMMARY: file } = process.env;
  const annotations = githubAnnotations(report, await placesOfCases(report, workspace ?? process.cwd()));
  for (const line of annotations) (terminal.json ? terminal.error(line) : terminal.out(line));
  const summary = file === undefined || file === '' ? 'no GITHUB_STEP_SUMMARY' : await addToStepSummary(report, file);
  if (summary === 'none') terminal.note('the summary of the job is full: GitHub takes 1 MiB a step');
  if (summary === 'cut') terminal.note('the summary is cut: GitHub takes 1 MiB a step');
  return { annotations, summary };
}

/** RUN is the file, or the folder that has it. */
async function reportFile(run: string): Promise<string> {
  const found = await stat(run).catch(() => null);
  return found?.isDirectory() === true ? path.join(run, 'report.json') : run;
}

async function readText(file: string): Promise<string> {
  const found = await stat(file).catch((cause: unknown) => { throw missing(file, cause); });
  if (!found.isFile()) throw missing(file, undefined);
  if (found.size > MOST_BYTES) throw new HilError('config', 'report.too-large', `${file} has ${found.size} bytes; a report may have ${MOST_BYTES}`);
  return readFile(file, 'utf8').catch((cause: unknown) => { throw missing(file, cause); });
}

function missing(file: string, cause: unknown): HilError {
  return new HilError('config', 'report.missing', `cannot read ${file}`, { hint: 'Name a folder that hil run wrote (reports/<suite>/<run id>), or the report.json in it.', cause });
}
