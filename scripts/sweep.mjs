/** `npm run sweep`: installs what is missing, then the long sweep (scripts/testing/sweep.ts) on Node 24. */
import { join } from 'node:path';
import { launch } from '../bin/launch.mjs';
import { REPOSITORY } from '../bin/node24.mjs';
import { setUp } from './setup.mjs';

const problem = await setUp('test');
if (problem !== 0) process.exit(problem);
await launch(process.argv.slice(2), join(REPOSITORY, 'scripts', 'testing', 'sweep.ts'));
