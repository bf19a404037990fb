/**
 * Which devices a pipeline runs on, as lines for GITHUB_OUTPUT: hosted and bench (JSON lists for a matrix) and expected (those that
 * must report, in a comma list). .github/bench.json says; HIL_BENCH_DEVICES (a comma list, a variable of the repository) adds boards.
 * HIL_BENCH_ALLOWED is "true" where the job may use the bench at all: never for a pull request from a fork.
 */
import { readFileSync } from 'node:fs';

const ID = /^[a-z0-9][a-z0-9._-]{0,60}$/;
const MOST = 100;

function fail(message) {
  console.error(`::error file=.github/bench.json,title=bench.json::${message}`);
  process.exit(2);
}

function ids(value, what) {
  if (!Array.isArray(value) || value.length > MOST || !value.every((id) => typeof id === 'string' && ID.test(id))) fail(`${what} is no list of device ids`);
  return [...new Set(value)];
}

let file;
try {
  file = JSON.parse(readFileSync(process.argv[2] ?? '.github/bench.json', 'utf8'));
} catch (error) {
  fail(`cannot be read: ${String(error.message).replace(/[\r\n%]/g, ' ')}`);
}
const named = (process.env.HIL_BENCH_DEVICES ?? '').split(',').map((id) => id.trim()).filter((id) => id !== '');
const allowed = process.env.HIL_BENCH_ALLOWED === 'true';
const hosted = ids(file.hosted, 'hosted');
const bench = allowed ? ids([...ids(file.bench, 'bench'), ...named], 'HIL_BENCH_DEVICES') : [];
if (hosted.length + bench.length === 0) fail('no device at all: nothing would be checked');
process.stdout.write(`hosted=${JSON.stringify(hosted)}\nbench=${JSON.stringify(bench)}\nexpected=${[...hosted, ...bench].join(',')}\n`);
