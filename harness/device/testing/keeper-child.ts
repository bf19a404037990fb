// Stands in for hil in the keeper test: starts targets through the real code, says which, and waits to be killed.
// Arguments: work folder, then pairs of programs. Prints one line of process ids.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startTargetProcess } from '../target-process.ts';

const [cwd, ...files] = process.argv.slice(2) as [string, ...string[]];
const pids: number[] = [];
for (const [index, line] of files.entries()) {
  const [file, ...args] = JSON.parse(line) as [string, ...string[]];
  const own = join(cwd, String(index));
  mkdirSync(own);
  const target = await startTargetProcess({ file, args, cwd: own, linkOnStdio: false, onText: (text) => process.stderr.write(`${text}\n`) });
  pids.push(target.pid);
}
process.stdout.write(`${pids.join(' ')}\n`);
