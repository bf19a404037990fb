/**
 * `npm run sweep`: everything on every core at every level of optimisation; hours, for the nightly. Arguments choose a part:
 *
 *   npm run sweep -- [--device qemu-m55[,...]] [--optimise s[,...]] [--graphs N]
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

interface Case { readonly verdict: string; readonly device: string; readonly name: string; readonly reasons: readonly string[]; readonly layers: readonly { readonly compared: number }[] }

const root = dirname(dirname(import.meta.dirname));
const { values } = parseArgs({ options: {
  device: { type: 'string', default: 'host,qemu-m0,qemu-m3,qemu-m4,qemu-m7,qemu-m33,qemu-m55' },
  optimise: { type: 'string', default: '2,s,3' },
  graphs: { type: 'string', default: '1000000' },
} });
const say = (line: string): void => { process.stdout.write(`${line}\n`); };
let failed = 0;
const totals = { cases: 0, elements: 0 };

/** One suite on one device at one level; a row of counts. */
function sweep(suite: string, device: string, level: string): void {
  const out = mkdtempSync(join(tmpdir(), 'hil-sweep-'));
  try {
    const run = spawnSync(process.execPath, [join(root, 'harness/cli/main.ts'), 'run', join(root, 'suites', suite), '--device', device, '--optimise', level, '--quiet', '--out', out], { cwd: root, encoding: 'utf8', env: { ...process.env, HIL_HISTORY: 'off' } });
    const cases = run.status === 2 ? [] : (JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as { cases: Case[] }).cases;
    const elements = cases.reduce((sum, one) => sum + one.layers.reduce((n, layer) => n + layer.compared, 0), 0);
    const wrong = cases.filter((one) => one.verdict !== 'pass');
    totals.cases += cases.length;
    totals.elements += elements;
    say(`${run.status === 0 ? 'ok    ' : 'FAILED'}  ${suite} on ${device} at -O${level}: ${cases.length} cases, ${elements} elements, ${wrong.length} wrong`);
    for (const one of wrong.slice(0, 10)) say(`          ${one.name}: ${one.verdict}: ${one.reasons[0] ?? ''}`);
    if (run.status !== 0) failed += 1;
    if (run.status === 2) say(run.stderr.trim());
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

for (const level of values.optimise.split(',')) {
  for (const device of values.device.split(',')) for (const suite of ['operators', 'mlperf-tiny', 'engine-rom']) sweep(suite, device, level);
}
if (Number(values.graphs) > 0) {
  // Another seed every day: a night after night of the same graphs finds nothing new.
  const seed = String(Math.floor(Date.now() / 86_400_000));
  say(`random graphs, seed ${seed}`);
  const graphs = spawnSync(process.execPath, [join(root, 'harness/codegen/random-graphs.test.ts')], { cwd: root, stdio: 'inherit', env: { ...process.env, HIL_RANDOM_GRAPHS: values.graphs, HIL_RANDOM_SEED: seed } });
  if (graphs.status !== 0) failed += 1;
}
say(`${totals.cases} cases, ${totals.elements} elements compared, ${failed} parts failed`);
process.exitCode = failed === 0 && totals.elements > 0 ? 0 : 1;
