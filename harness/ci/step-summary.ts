import { appendFile, stat } from 'node:fs/promises';
import { HilError } from '../errors.ts';
import { renderMarkdown, SUMMARY_LIMIT_BYTES, type Report } from '../report/index.ts';

/** GitHub drops the whole summary of a step that is larger. */
const STEP_LIMIT_BYTES = 1 << 20;
/** Below this, even the table of a run does not fit. */
const LEAST_BYTES = 2000;

/**
 * Adds a run's summary to that of the job's step, cut to what still fits beside what is there already.
 * @param file GITHUB_STEP_SUMMARY
 * @returns 'none': not even a note fitted @throws HilError 'bench' ci.summary
 */
export async function addToStepSummary(report: Report, file: string): Promise<'whole' | 'cut' | 'none'> {
  const used = await stat(file).then(({ size }) => size, () => 0);
  const room = STEP_LIMIT_BYTES - used - 2;
  const whole = renderMarkdown(report);
  const fits = Buffer.byteLength(whole) <= Math.min(room, SUMMARY_LIMIT_BYTES);
  const text = fits ? whole : room >= LEAST_BYTES ? renderMarkdown(report, room) : `hil: ${report.verdict}; the summary of this run did not fit, see its report.html.\n`;
  if (Buffer.byteLength(text) > room) return 'none';
  try {
    await appendFile(file, used === 0 ? text : `\n${text}`);
  } catch (cause) {
    throw new HilError('bench', 'ci.summary', `cannot add to the summary of the job (GITHUB_STEP_SUMMARY, ${file}): ${(cause as Error).message}`, { cause });
  }
  return fits ? 'whole' : 'cut';
}
