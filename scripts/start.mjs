/**
 * `npm start`: installs what is missing, then checks the engine model on an emulated Cortex-M55. Arguments after `--` go to
 * `hil run`.
 */
import { join } from 'node:path';
import { launch } from '../bin/launch.mjs';
import { REPOSITORY } from '../bin/node24.mjs';
import { setUp } from './setup.mjs';

const problem = await setUp('start');
if (problem !== 0) process.exit(problem);
const extra = process.argv.slice(2);
const chosen = extra.some((word) => word === '--device' || word.startsWith('--device='));
await launch(['run', join(REPOSITORY, 'suites', 'engine-rom'), ...(chosen ? [] : ['--device', 'qemu-m55']), ...extra]);
