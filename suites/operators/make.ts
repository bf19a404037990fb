/**
 * Writes what `hil run suites/operators` reads: models/ and suite.json, from the cases.
 *
 *   node_modules/.bin/node suites/operators/make.ts [--check]     --check: writes nothing, exit 1 where something would change
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FAMILIES } from './cases/index.ts';
import { suiteFiles } from './suite-files.ts';

const folder = import.meta.dirname;
const files = suiteFiles(FAMILIES);
const check = process.argv.includes('--check');
const stale: string[] = [];

for (const [name, bytes] of files) {
  const path = join(folder, name);
  if (existsSync(path) && readFileSync(path).equals(bytes)) continue;
  stale.push(name);
  if (check) continue;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}
for (const entry of existsSync(join(folder, 'models')) ? readdirSync(join(folder, 'models')) : []) {
  const name = `models/${entry}`;
  if (files.has(name)) continue;
  stale.push(name);
  if (!check) rmSync(join(folder, name));
}
process.stdout.write(`${files.size} files, ${stale.length} ${check ? 'would change' : 'changed'}${stale.length === 0 ? '' : `: ${stale.slice(0, 10).join(', ')}${stale.length > 10 ? ', ...' : ''}`}\n`);
process.exitCode = check && stale.length > 0 ? 1 : 0;
