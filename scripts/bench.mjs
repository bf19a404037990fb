/** `npm run bench`: runs every *.bench.ts (or those named after `--`), one after another, on Node 24. Installs nothing. */
import { join } from 'node:path';
import { launch } from '../bin/launch.mjs';
import { REPOSITORY } from '../bin/node24.mjs';

await launch(process.argv.slice(2), join(REPOSITORY, 'scripts', 'testing', 'bench.ts'));
