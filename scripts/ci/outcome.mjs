/**
 * For a step of a workflow: what came of a run, as lines for GITHUB_OUTPUT: verdict (none: there is no report), blame (code, bench,
 * quarantine or nobody), red (whether there is something to bundle). The exit code of hil is lost to `exec`; the report is the better witness.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const VERDICTS = ['pass', 'fail', 'build-error', 'bench-error', 'skipped', 'interrupted'];

function verdictOf(dir) {
  try {
    const { schema, verdict } = JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8'));
    return schema === 'hil-report/1' && VERDICTS.includes(verdict) ? verdict : 'none';
  } catch {
    return 'none';
  }
}

const verdict = verdictOf(process.argv[2] ?? '');
const blame = verdict === 'pass' ? 'nobody' : verdict === 'fail' || verdict === 'build-error' ? 'code' : verdict === 'skipped' ? 'quarantine' : 'bench';
process.stdout.write(`verdict=${verdict}\nblame=${blame}\nred=${verdict !== 'pass' && verdict !== 'none' && verdict !== 'skipped'}\n`);
