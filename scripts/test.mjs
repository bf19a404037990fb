/**
 * `npm test`: installs what is missing, checks the types, runs every *.test.ts (or those named after `--`), and ends with
 * the counts alone on a line. The part after the set-up runs on Node 24.
 */
import { join } from 'node:path';
import { launch } from '../bin/launch.mjs';
import { REPOSITORY } from '../bin/node24.mjs';
import { setUp } from './setup.mjs';

const problem = await setUp('test');
if (problem !== 0) process.exit(problem);
await launch(process.argv.slice(2), join(REPOSITORY, 'scripts', 'testing', 'main.ts'));
