import t from 'tap';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { createKeeper } from './keeper.ts';
import { groupIsAlive } from './process-identity.ts';
import { tempDir, until } from './testing/helpers.ts';

t.setTimeout(60_000);
const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const qemu = ['qemu-system-arm', '-M', 'mps2-an385', '-display', 'none', '-monitor', 'none', '-serial', 'null', '-S'];

async function startParent(dir: string) {
  const programs = [[path('./testing/fixtures/stubborn.mjs')], ...((await hasQemu()) ? [qemu] : [])];
  const parent = execa(process.execPath, [path('./testing/keeper-child.ts'), dir, ...programs.map((each) => JSON.stringify(each))], { reject: false, detached: true, buffer: false });
  let out = '';
  let err = '';
  parent.stdout.on('data', (chunk) => (out += String(chunk)));
  parent.stderr.on('data', (chunk) => (err += String(chunk)));
  await until('targets run', 20_000, () => out.endsWith('\n') && /ready \d+/.test(err));
  return { parent, pid: parent.pid!, groups: out.trim().split(' ').map(Number) };
}

const hasQemu = async (): Promise<boolean> => !(await execa('qemu-system-arm', ['--version'], { reject: false })).failed;

t.test('hil is killed by SIGKILL: QEMU and a target that ignores SIGTERM are gone soon', async (t) => {
  const { parent, pid, groups } = await startParent(await tempDir(t));
  t.ok(groups.every(groupIsAlive));
  process.kill(pid, 'SIGKILL');
  await parent;
  const begin = performance.now();
  await until('all groups gone', 10_000, () => !groups.some(groupIsAlive));
  t.comment(`${groups.length} groups gone ${(performance.now() - begin).toFixed(0)} ms after the kill`);
  await until('keeper gone', 5000, async () => (await orphanedKeepers()).length === 0);
});

t.test('SIGKILL to the whole process group of hil does not reach the keeper', async (t) => {
  const { parent, pid, groups } = await startParent(await tempDir(t));
  process.kill(-pid, 'SIGKILL');
  await parent;
  await until('all groups gone', 10_000, () => !groups.some(groupIsAlive));
});

t.test('a group that has been taken off the list is left alone; a keeper that died is replaced', async (t) => {
  const group = execa(process.execPath, ['-e', 'setInterval(()=>{},1000)'], { detached: true, reject: false });
  t.teardown(() => process.kill(-group.pid!, 'SIGKILL'));
  const script = `import { createKeeper } from ${JSON.stringify(path('./keeper.ts'))};
    const keeper = createKeeper();
    const forget = keeper.expect().watch(${group.pid});
    forget();
    setTimeout(() => process.exit(0), 200);`;
  await execa(process.execPath, ['--input-type=module', '-e', script]);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  t.ok(groupIsAlive(group.pid!));
});

t.test('hil is killed between the start of a program and the line that tells the keeper of it', async (t) => {
  const script = `import { spawn } from 'node:child_process';
    import { createKeeper } from ${JSON.stringify(path('./keeper.ts'))};
    const keeper = createKeeper();
    const start = ({ environment }) => spawn('sleep', ['600'], { detached: true, stdio: 'ignore', env: { ...process.env, ...environment } });
    const untold = start(keeper.expect());
    const known = keeper.expect();
    const told = start(known);
    known.watch(told.pid)();
    process.stdout.write(untold.pid + ' ' + told.pid + '\\n', () => process.kill(process.pid, 'SIGKILL'));`;
  const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', script], { reject: false });
  const [untold, told] = stdout.split(' ').map(Number) as [number, number];
  t.teardown(() => process.kill(-told, 'SIGKILL'));
  await until('the untold group gone', 10_000, () => !groupIsAlive(untold));
  t.ok(groupIsAlive(told), 'one that was taken off the list is left alone, though it carries a mark');
});

t.test('the keeper does not keep its parent running', async (t) => {
  const script = `import { createKeeper } from ${JSON.stringify(path('./keeper.ts'))}; createKeeper().expect().watch(${2 ** 22 - 5});`;
  const begin = performance.now();
  await execa(process.execPath, ['--input-type=module', '-e', script], { timeout: 10_000 });
  t.ok(performance.now() - begin < 9000);
  t.equal(typeof createKeeper().expect, 'function');
});

/** Keepers whose hil is gone. */
async function orphanedKeepers(): Promise<number[]> {
  const mine = path('./keeper.mjs');
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map(async (each) => {
    const [command, status] = await Promise.all([readFile(`/proc/${each}/cmdline`, 'utf8').catch(() => ''), readFile(`/proc/${each}/status`, 'utf8').catch(() => '')]);
    return command.split('\0').includes(mine) && /^PPid:\t1$/m.test(status) ? [Number(each)] : [];
  }));
  return found.flat();
}
