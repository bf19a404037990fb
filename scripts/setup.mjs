/**
 * Installs what is missing for a goal, and nothing else: `node scripts/setup.mjs [start|test]`. Runs on Node 20 with no
 * package installed, so it and what it imports are plain JavaScript without dependencies.
 * HIL_NO_SETUP=1 installs nothing: it says what is missing and goes on where that is possible.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { EXIT_BENCH_ERROR } from '../bin/launch.mjs';
import { REPOSITORY } from '../bin/node24.mjs';
import { byHand, installPackages, isDebianLike, isUbuntu } from './setup/debian.mjs';
import { missingNeeds, NEEDS } from './setup/needs.mjs';
import { installNpmPackages, packagesAreCurrent } from './setup/packages.mjs';

/** The real machine; tests pass another. */
export function thisMachine() {
  let osRelease = '';
  try {
    osRelease = readFileSync('/etc/os-release', 'utf8');
  } catch {
    // Not Linux: nothing that apt could install.
  }
  return {
    env: process.env, osRelease, root: REPOSITORY, needs: NEEDS,
    isRoot: process.getuid?.() === 0,
    listsFolder: '/var/lib/apt/lists',
    say: (line) => process.stderr.write(`${line}\n`),
  };
}

/** @returns 0 when the goal can be tried, else the exit code to end with. */
export async function setUp(goal, machine = thisMachine()) {
  const mayInstall = (machine.env.HIL_NO_SETUP ?? '') === '' || machine.env.HIL_NO_SETUP === '0';
  if (!(await setUpPackages(machine, mayInstall))) return EXIT_BENCH_ERROR;
  return setUpSystem(goal, machine, mayInstall);
}

async function setUpPackages(machine, mayInstall) {
  if (packagesAreCurrent(machine.root)) return true;
  if (!mayInstall) {
    machine.say('Missing: npm packages at the versions of package-lock.json. HIL_NO_SETUP is set, so type:  npm ci');
    return false;
  }
  if (await installNpmPackages(machine.root, machine)) return true;
  machine.say('The npm packages could not be installed. Type this and read what npm says:  npm ci');
  return false;
}

async function setUpSystem(goal, machine, mayInstall) {
  const { env, say, isRoot, needs, osRelease } = machine;
  const missing = missingNeeds(goal, env, needs);
  if (missing.length === 0) return 0;
  for (const need of missing) say(`Missing: ${need.what}${need.optional ? ', optional' : ''}`);
  const packaged = missing.filter((need) => need.package !== undefined);
  if (!mayInstall) {
    say('HIL_NO_SETUP is set, so nothing is installed; what needs these will say so.');
    if (packaged.length > 0) say(`To install them, type:\n  ${byHand(packaged.map((need) => need.package), isRoot)}`);
    return 0;
  }
  const supported = isDebianLike(osRelease);
  if (packaged.length > 0) {
    if (supported) await installMissing(machine, packaged);
    else say(`This is not Debian or Ubuntu: install these yourself, under whatever names your system has for Debian's packages ${packaged.map((need) => need.package).join(', ')}.`);
  }
  await provideMissing(goal, machine);
  const still = missingNeeds(goal, env, needs);
  for (const need of still) say(`Still missing: ${need.what}${need.optional ? ' (optional: what needs it is skipped)' : ''}`);
  return still.some((need) => !need.optional) ? EXIT_BENCH_ERROR : 0;
}

/** What comes without root, after the packages that it may need. */
async function provideMissing(goal, machine) {
  for (const need of missingNeeds(goal, machine.env, machine.needs)) await need.provide?.(machine);
}

/** The optional ones apart from the rest, so that a browser that cannot be had costs no compiler. */
async function installMissing(machine, missing) {
  const required = missing.filter((need) => !need.optional);
  const optional = missing.filter((need) => need.optional && !(need.package === 'chromium' && isUbuntu(machine.osRelease)));
  for (const group of [required, optional]) {
    if (group.length === 0) continue;
    const packages = group.map((need) => need.package);
    const outcome = await installPackages(packages, machine);
    if (outcome === 'no-rights') machine.say(`Installing needs root, and sudo without a password is not available. Type:\n  ${byHand(packages, machine.isRoot)}`);
    if (outcome === 'failed') machine.say(`apt-get failed; see above. To try by hand:\n  ${byHand(packages, machine.isRoot)}`);
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const goal = process.argv[2] ?? 'test';
  if (goal !== 'start' && goal !== 'test') {
    process.stderr.write('usage: node scripts/setup.mjs [start|test]\n');
    process.exit(2);
  }
  process.exit(await setUp(goal));
}
