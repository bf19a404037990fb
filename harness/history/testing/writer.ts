import { caseReport, failCase, report } from '../../report/testing/sample-reports.ts';
import { openHistory } from '../index.ts';

/** A process that lands runs: PLACE NAME COUNT. Tells the key of each on a line of its own once the history has said that it is kept. */
const [place = '', name = '', count = '0'] = process.argv.slice(2);
const history = await openHistory(place);
const one = report([caseReport({ name: `case of ${name}`, plots: [] }), { ...failCase(), plots: [] }]);
for (let n = 0; n < Number(count); n++) {
  const { key, added } = await history.add({ report: { ...one, run: { ...one.run, id: `${name}-${n}` } }, dir: null });
  process.stdout.write(`${key} ${added}\n`);
}
await history.close();
