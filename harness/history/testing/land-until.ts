import { HilError } from '../../errors.ts';
import { caseReport, report } from '../../report/testing/sample-reports.ts';
import { openHistory } from '../index.ts';

/** A process that lands runs until the history refuses: FILE COUNT; 0 lands none. Tells how many it landed, why it stopped, and how many are there. */
const [file = '', count = '0'] = process.argv.slice(2);
let kept = 0;
try {
  const history = await openHistory(file);
  const one = report([caseReport()]);
  for (; kept < Number(count); kept++) await history.add({ report: { ...one, run: { ...one.run, id: `run ${kept}`, command: [String(Math.random())] } }, dir: null });
  process.stdout.write(`${kept > 0 ? `kept ${kept}\n` : ''}there are ${(await history.runs({})).length}\n`);
  await history.close();
} catch (error) {
  if (!(error instanceof HilError)) throw error;
  process.stdout.write(`kept ${kept}, then ${error.kind} ${error.code}: ${error.message}\n`);
}
