/** The part of `npm test` that runs on Node 24: type check, then the test files, two at a time, then the counts. */
import { spawnSync } from 'node:child_process';
import { delimiter, dirname, join, relative } from 'node:path';
import { inspect } from 'node:util';
import { closingLine } from './count.ts';
import { selectFiles } from './find.ts';
import { runTestFile } from './run-file.ts';
import type { FileResult } from './run-file.ts';

const JOBS = 2;
/** Minutes each: begun first, so that none of them is left running alone at the end. */
const LONGEST = ['harness/cli/e2e/operators.test.ts', 'suites/operators/operators.test.ts', 'harness/codegen/random-graphs.test.ts', 'harness/cli/e2e/operators-sample.test.ts', 'suites/operators/without-asm.test.ts', 'suites/planted/planted.test.ts'];
const root = dirname(dirname(import.meta.dirname));
const timeoutMs = Number(process.env['HIL_TEST_TIMEOUT_S'] ?? 900) * 1000;
const totals = { passed: 0, failed: 0, skipped: 0 };
const say = (line: string): void => { process.stdout.write(`${line}\n`); };

/** Tests and what they start must find this Node and the tools of node_modules first. */
const env = { ...process.env, PATH: [dirname(process.execPath), join(root, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter) };

function checkTypes(): void {
  const started = performance.now();
  const tsc = spawnSync(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '--noEmit'], { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (tsc.status === 0) return say(`ok      types (tsc --noEmit, ${seconds} s)`);
  totals.failed += 1;
  say(`FAILED  types (tsc --noEmit, ${seconds} s): see above`);
}

function report(file: string, result: FileResult): void {
  const { counts, problem } = result;
  // A file that hangs or dies often reports a failed point about it: one failure, not two.
  const failed = Math.max(counts.failed, problem === null ? 0 : 1);
  totals.passed += counts.passed;
  totals.failed += failed;
  totals.skipped += counts.skipped;
  say(`${failed === 0 ? 'ok    ' : 'FAILED'}  ${relative(root, file)}  ${closingLine({ ...counts, failed })} (${(result.milliseconds / 1000).toFixed(1)} s)`);
  for (const reason of new Set(counts.skipReasons)) say(`          skipped: ${reason}`);
  for (const failure of counts.failures) {
    say(`        - ${failure.name}`);
    if (failure.diag !== null) say(inspect(failure.diag, { depth: 6, breakLength: 120, maxStringLength: 4000 }).replace(/^/gm, '          '));
  }
  if (problem !== null) say(`        - ${problem}`);
  if (failed > 0 && result.stderr.trim() !== '') say(result.stderr.trimEnd().replace(/^/gm, '        | '));
}

async function main(): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  // Started by an older Node (bin/launch.mjs): its signals come as messages, and its end as the end of the channel.
  process.on('message', () => stop.abort());
  process.on('disconnect', () => stop.abort());
  process.channel?.unref();
  const files = selectFiles(root, process.argv.slice(2), '.test.ts');
  checkTypes();
  const rank = (file: string): number => (LONGEST.indexOf(relative(root, file)) + LONGEST.length + 1) % (LONGEST.length + 1);
  const queue = files.toSorted((a, b) => rank(a) - rank(b));
  const worker = async (): Promise<void> => {
    for (let file = queue.shift(); file !== undefined && !stop.signal.aborted; file = queue.shift()) {
      const result = await runTestFile(file, { node: process.execPath, cwd: root, env, timeoutMs, signal: stop.signal });
      if (!stop.signal.aborted) report(file, result);
    }
  };
  await Promise.all(Array.from({ length: JOBS }, worker));
  if (stop.signal.aborted) say('interrupted; these counts are of the files that had finished:');
  if (totals.passed + totals.failed === 0) say('no test ran');
  say(closingLine(totals));
  if (stop.signal.aborted) return 130;
  return totals.failed > 0 || totals.passed === 0 ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`npm test: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
