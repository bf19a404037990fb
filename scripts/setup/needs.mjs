/**
 * What hil needs from the system, and whether it is here. Looks for the executables and files themselves, not for packages:
 * a toolchain that was unpacked by hand is as good as Debian's.
 */
import { readdirSync } from 'node:fs';
import { delimiter, isAbsolute } from 'node:path';
import { ask, which } from './commands.mjs';
import { hasPyocd, hasPythonVenv, installPyocd } from './pyocd.mjs';

/** The compiler prints the name back, not a path, where it does not find the file. */
const compilerFinds = (compiler, file) => (env) => isAbsolute(ask(compiler, [`-print-file-name=${file}`], env) ?? '');
function folders(dir) {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

/** Debian keeps the server's own programs off the PATH, a folder for each version. */
const hasPostgres = (env) => ['initdb', 'postgres'].every((name) => which(name, { ...env, PATH: [env.PATH ?? '', ...folders('/usr/lib/postgresql').map((version) => `/usr/lib/postgresql/${version}/bin`)].join(delimiter) }) !== null);
const command = (...names) => (env) => names.some((name) => which(name, env) !== null);

/**
 * `forGoal`: which of our commands need it. `optional`: tests that need it are skipped, with the reason, where it is missing.
 * `package`: Debian's; or `provide`, which brings it in without root, and says whether it did.
 */
export const NEEDS = [
  { what: 'Arm cross compiler (arm-none-eabi-gcc)', package: 'gcc-arm-none-eabi', forGoal: ['start', 'test'], optional: false, present: command('arm-none-eabi-gcc') },
  { what: 'newlib for Arm (nano.specs)', package: 'libnewlib-arm-none-eabi', forGoal: ['start', 'test'], optional: false, present: compilerFinds('arm-none-eabi-gcc', 'nano.specs') },
  { what: 'QEMU (qemu-system-arm)', package: 'qemu-system-arm', forGoal: ['start', 'test'], optional: false, present: command('qemu-system-arm') },
  { what: 'host C compiler (gcc)', package: 'gcc', forGoal: ['start', 'test'], optional: false, present: command('gcc') },
  { what: 'host C library headers (libc6-dev)', package: 'libc6-dev', forGoal: ['start', 'test'], optional: false, present: compilerFinds('gcc', 'crt1.o') },
  { what: 'a fast host C compiler for random graphs (tcc)', package: 'tcc', forGoal: ['test'], optional: true, present: command('tcc') },
  { what: 'a browser for the report tests (chromium)', package: 'chromium', forGoal: ['test'], optional: true, present: command('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable') },
  { what: 'xmllint, for the check of JUnit against its schema', package: 'libxml2-utils', forGoal: ['test'], optional: true, present: command('xmllint') },
  ...[['ser2net', 'ser2net', 'remote serial ports'], ['socat', 'socat', 'pseudo-terminals'], ['openocd', 'openocd', 'flashing'],
    ['dfu-util', 'dfu-util', 'flashing'], ['bossac', 'bossa-cli', 'flashing']].map(([name, from, of]) => (
    { what: `${name}, for tests of ${of}`, package: from, forGoal: ['test'], optional: true, present: command(name) })),
  { what: 'PostgreSQL server, for tests of the history', package: 'postgresql', forGoal: ['test'], optional: true, present: hasPostgres },
  { what: 'Python environments, for pyOCD', package: 'python3-venv', forGoal: ['test'], optional: true, present: (env) => hasPyocd() || hasPythonVenv(env) },
  { what: 'pyOCD, for tests of flashing', provide: installPyocd, forGoal: ['test'], optional: true, present: () => hasPyocd() },
];

/** The needs of a goal ('start' or 'test') that this machine does not meet. */
export function missingNeeds(goal, env, needs = NEEDS) {
  return needs.filter((need) => need.forGoal.includes(goal) && !need.present(env));
}
