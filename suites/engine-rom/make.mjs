// Makes the suite again: data, model, oracle, model card and suite.json.
//
//   node suites/engine-rom/make.mjs                  everything (about ten minutes on two free cores)
//   node suites/engine-rom/make.mjs --convert-only   with the weights of the last training
//
// Needs Linux on x86-64 (the oracle's wheel), an installed node_modules, and Python 3.11, with which the committed files were made (PYTHON
// names another interpreter than python3).

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const suite = dirname(fileURLToPath(import.meta.url));
const work = join(suite, 'work');
const environment = join(work, 'python');
const python = join(environment, 'bin', 'python');
const pinnedNode = join(suite, '..', '..', 'node_modules', 'node', 'bin', 'node');

/** Runs one step and ends the whole run if it fails. */
function step(title, command, args) {
  process.stderr.write(`== ${title}\n`);
  const { status, signal, error } = spawnSync(command, args, { cwd: suite, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) {
    process.stderr.write(`${title}: ended with ${signal ?? status}\n`);
    process.exit(1);
  }
}

const options = process.argv.slice(2);
const unknown = options.find((o) => o !== '--convert-only');
if (unknown !== undefined) {
  process.stderr.write(`unknown option ${unknown}; the only one is --convert-only\n`);
  process.exit(2);
}

if (!existsSync(python)) step('Python environment', process.env.PYTHON ?? 'python3', ['-m', 'venv', environment]);
step('Python packages', python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '-r', 'requirements.txt']);
// The pinned Node, where it is installed, because the committed data must come out byte for byte.
step('data', existsSync(pinnedNode) ? pinnedNode : process.execPath, ['data/generate.ts', 'work/data', 'sequences']);
const weights = options.includes('--convert-only') ? ['--weights', 'work/data/trained.weights.h5'] : [];
step('training, conversion, oracle, card', python, ['train/main.py', ...weights]);
