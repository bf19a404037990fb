/** Runs benchmark files in turn: two at once would measure each other. They print what they measured. */
import { spawnSync } from 'node:child_process';
import { dirname, relative } from 'node:path';
import { selectFiles } from './find.ts';

const root = dirname(dirname(import.meta.dirname));
let failed = 0;
try {
  for (const file of selectFiles(root, process.argv.slice(2), '.bench.ts')) {
    process.stdout.write(`== ${relative(root, file)}\n`);
    const { status, signal } = spawnSync(process.execPath, [file], { cwd: root, stdio: 'inherit' });
    if (status === 0) continue;
    failed += 1;
    process.stdout.write(`${relative(root, file)}: ended with ${signal ?? status}\n`);
  }
  process.exitCode = failed > 0 ? 1 : 0;
} catch (error) {
  process.stderr.write(`npm run bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
