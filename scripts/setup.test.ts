/** The set-up against stand-ins for apt-get, sudo and the tools: little shell scripts that only write down how they were called. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';

// Plain JavaScript without declarations: imported by a computed name, so that the type checker leaves it alone.
const { setUp } = await import(new URL('./setup.mjs', import.meta.url).href);
const { hasPyocd, installPyocd } = await import(new URL('./setup/pyocd.mjs', import.meta.url).href);

const DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n';
const UBUNTU = 'ID=ubuntu\nID_LIKE=debian\n';
const INSTALL = 'apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends';
const UPDATE = 'apt-get -o DPkg::Lock::Timeout=300 update';

interface Bench { readonly machine: Record<string, unknown>; readonly said: string[]; calls(): string[] }

interface Options {
  readonly sudo?: 'refuses' | 'works' | 'absent';
  readonly present?: readonly string[];
  readonly isRoot?: boolean;
  readonly osRelease?: string;
  readonly lists?: boolean;
  readonly noSetup?: boolean;
  /** How many installs fail before one works. */
  readonly installsThatFail?: number;
}

function bench(t: { teardown(f: () => void): void }, options: Options): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'hil-setup-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  mkdirSync(join(folder, 'lists'));
  if (options.lists ?? true) writeFileSync(join(folder, 'lists', 'mirror_main_binary-amd64_Packages'), '');
  const log = join(folder, 'calls');
  const standIn = (name: string, body: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n# A stand-in of the tests.\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  for (const name of options.present ?? []) standIn(name, 'exit 0');
  const failures = join(folder, 'failures');
  writeFileSync(failures, 'x'.repeat(options.installsThatFail ?? 0));
  // Installs one tool, whatever the name of the package: what counts is whether it is there afterwards.
  standIn('apt-get', `echo "apt-get $* [$DEBIAN_FRONTEND]" >> ${log}
case "$*" in *install*)
  if [ -s ${failures} ]; then f=$(cat ${failures}); printf %s "\${f#x}" > ${failures}; exit 100; fi
  case "$*" in *tool-package*) ln -s /bin/true ${bin}/tool;; esac
  case "$*" in *chromium*) ln -s /bin/true ${bin}/browser;; esac;;
esac`);
  if (options.sudo !== undefined && options.sudo !== 'absent') {
    standIn('sudo', options.sudo === 'works' ? `echo "sudo $*" >> ${log}; shift; exec "$@"` : `echo "sudo $*" >> ${log}; echo "a password is required" >&2; exit 1`);
  }
  for (const real of ['env', 'true', 'cat', 'ln', 'sh']) symlinkSync(existsSync(`/usr/bin/${real}`) ? `/usr/bin/${real}` : `/bin/${real}`, join(bin, real));
  const there = (name: string) => (): boolean => existsSync(join(bin, name));
  const said: string[] = [];
  const machine = {
    env: { PATH: bin, ...(options.noSetup ? { HIL_NO_SETUP: '1' } : {}) },
    osRelease: options.osRelease ?? DEBIAN,
    isRoot: options.isRoot ?? false,
    root: join(import.meta.dirname, '..'),
    listsFolder: join(folder, 'lists'),
    say: (line: string) => said.push(line),
    needs: [
      { what: 'the tool', package: 'tool-package', forGoal: ['start', 'test'], optional: false, present: there('tool') },
      { what: 'a browser', package: 'chromium', forGoal: ['test'], optional: true, present: there('browser') },
    ],
  };
  return { machine, said, calls: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []) };
}

t.test('nothing missing: nothing is called and nothing said', async (t) => {
  const b = bench(t, { isRoot: true, present: ['tool', 'browser'] });
  t.equal(await setUp('test', b.machine), 0);
  t.same(b.calls(), []);
  t.same(b.said, []);
});

t.test('as root: apt-get directly, and each command is printed before it runs', async (t) => {
  const b = bench(t, { isRoot: true });
  t.equal(await setUp('start', b.machine), 0);
  t.same(b.calls(), [`${INSTALL} tool-package [noninteractive]`]);
  t.ok(b.said.includes(`$ env DEBIAN_FRONTEND=noninteractive ${INSTALL} tool-package`), b.said.join('\n'));
});

t.test('package lists are fetched first where there are none, and again where the mirrors have moved on', async (t) => {
  const none = bench(t, { isRoot: true, lists: false });
  t.equal(await setUp('start', none.machine), 0);
  t.same(none.calls(), [`${UPDATE} [noninteractive]`, `${INSTALL} tool-package [noninteractive]`]);
  const old = bench(t, { isRoot: true, installsThatFail: 1 });
  t.equal(await setUp('start', old.machine), 0);
  t.same(old.calls(), [`${INSTALL} tool-package [noninteractive]`, `${UPDATE} [noninteractive]`, `${INSTALL} tool-package [noninteractive]`]);
});

t.test('by sudo where it asks for no password', async (t) => {
  const b = bench(t, { sudo: 'works' });
  t.equal(await setUp('start', b.machine), 0);
  t.same(b.calls(), ['sudo -n true', `sudo -n env DEBIAN_FRONTEND=noninteractive ${INSTALL} tool-package`, `${INSTALL} tool-package [noninteractive]`]);
});

for (const sudo of ['refuses', 'absent'] as const) {
  t.test(`sudo ${sudo}: the line to type, and exit code 4`, async (t) => {
    const b = bench(t, { sudo });
    t.equal(await setUp('start', b.machine), 4);
    t.notOk(b.calls().some((call) => call.startsWith('apt-get')), 'apt-get is not called');
    t.match(b.said.join('\n'), 'sudo apt-get update && sudo apt-get install -y --no-install-recommends tool-package');
  });
}

t.test('apt-get fails twice: exit code 4, not an endless loop', async (t) => {
  const b = bench(t, { isRoot: true, installsThatFail: 9 });
  t.equal(await setUp('start', b.machine), 4);
  t.equal(b.calls().length, 3);
  t.match(b.said.join('\n'), 'Still missing: the tool');
});

t.test('HIL_NO_SETUP: says what is missing, installs nothing, goes on', async (t) => {
  const b = bench(t, { isRoot: true, noSetup: true });
  t.equal(await setUp('test', b.machine), 0);
  t.same(b.calls(), []);
  t.match(b.said.join('\n'), /Missing: the tool[^]*Missing: a browser, optional[^]*apt-get install -y --no-install-recommends tool-package chromium/);
});

t.test('the browser is installed apart, for the tests only, and does without on Ubuntu, where it is a snap', async (t) => {
  const debian = bench(t, { isRoot: true });
  t.equal(await setUp('test', debian.machine), 0);
  t.same(debian.calls().length, 2);
  const ubuntu = bench(t, { isRoot: true, osRelease: UBUNTU });
  t.equal(await setUp('test', ubuntu.machine), 0);
  t.same(ubuntu.calls(), [`${INSTALL} tool-package [noninteractive]`]);
  t.match(ubuntu.said.join('\n'), 'Still missing: a browser (optional');
});

t.test('another system: says what to install and stops', async (t) => {
  const b = bench(t, { isRoot: true, osRelease: 'ID=fedora\n' });
  t.equal(await setUp('start', b.machine), 4);
  t.same(b.calls(), []);
  t.match(b.said.join('\n'), 'not Debian or Ubuntu');
});

t.test('missing npm packages with HIL_NO_SETUP cannot be done without', async (t) => {
  const b = bench(t, { noSetup: true });
  const empty = mkdtempSync(join(tmpdir(), 'hil-empty-'));
  t.teardown(() => rmSync(empty, { recursive: true, force: true }));
  writeFileSync(join(empty, 'package-lock.json'), '{"packages": {"node_modules/x": {"version": "1.0.0"}}}');
  t.equal(await setUp('start', { ...b.machine, root: empty }), 4);
  t.match(b.said.join('\n'), 'npm ci');
});

t.test('what needs no root is provided after the packages, and its failure is said', async (t) => {
  const b = bench(t, { isRoot: true });
  let there = false;
  const provided: string[][] = [];
  const need = (works: boolean) => ({
    what: 'a provided thing', forGoal: ['test'], optional: true, present: () => there, provide: async () => void (provided.push(b.calls()), there = works),
  });
  const { needs } = b.machine as { needs: object[] };
  t.equal(await setUp('test', { ...b.machine, needs: [...needs, need(false)] }), 0, 'optional: goes on without');
  t.equal(provided.length, 1);
  t.match(provided[0]!.join('\n'), 'tool-package', 'after the packages');
  t.match(b.said.join('\n'), 'Still missing: a provided thing (optional: what needs it is skipped)');
  t.equal(await setUp('test', { ...b.machine, needs: [need(true)] }), 0);
  t.equal(await setUp('test', { ...b.machine, needs: [need(true)] }), 0);
  t.equal(provided.length, 2, 'once there, it is left alone');
  there = false;
  t.equal(await setUp('test', { ...b.machine, needs: [need(true)], env: { ...b.machine['env'] as object, HIL_NO_SETUP: '1' } }), 0);
  t.equal(provided.length, 2, 'HIL_NO_SETUP');
});

t.test('pyOCD: an environment of its own; one that broke off does not count as there', async (t) => {
  const b = bench(t, {});
  const folder = mkdtempSync(join(tmpdir(), 'hil-pyocd-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const bin = (b.machine['env'] as { PATH: string }).PATH;
  const host = { env: b.machine['env'], root: folder, say: b.machine['say'] };
  const python = (body: string): void => {
    writeFileSync(join(bin, 'python3'), `#!/bin/sh\n# A stand-in of the tests.\n${body}\n`);
    chmodSync(join(bin, 'python3'), 0o755);
  };
  t.equal(await installPyocd(host), false, 'no python3');
  python('exit 1');
  t.equal(await installPyocd(host), false, 'no ensurepip');
  symlinkSync('/bin/mkdir', join(bin, 'mkdir'));
  symlinkSync('/bin/chmod', join(bin, 'chmod'));
  for (const [pip, works] of [['exit 1', false], ['d=${0%/*}; echo > $d/pyocd; echo "$@" > $d/called', true]] as const) {
    python(`case "$1" in -c) echo yes;; -m) mkdir -p $4/bin; printf '%s\\n' '#!/bin/sh' '${pip}' > $4/bin/python; chmod +x $4/bin/python;; esac`);
    t.equal(await installPyocd(host), works, pip);
    t.equal(hasPyocd(folder), works);
  }
  t.match(readFileSync(join(folder, 'node_modules/.cache/hil-pyocd/bin/called'), 'utf8'), /-m pip install .*pyocd==\d+\.\d+\.\d+/);
});
