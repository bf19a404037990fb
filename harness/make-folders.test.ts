import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import t from 'tap';
import { makeFolders } from './make-folders.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'hil-make-folders-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));

t.test('a folder and those above it, and which was the first', async (t) => {
  t.equal(await makeFolders(path.join(dir, 'a/b/c')), path.join(dir, 'a'));
  t.ok(statSync(path.join(dir, 'a/b/c')).isDirectory());
  t.equal(await makeFolders(path.join(dir, 'a/b/c')), undefined);
  t.equal(await makeFolders(path.join(dir, 'a/b/d')), path.join(dir, 'a/b/d'));
  await Promise.all([1, 2, 3].map(() => makeFolders(path.join(dir, 'at/once'))));
  t.ok(existsSync(path.join(dir, 'at/once')));
  writeFileSync(path.join(dir, 'file'), '');
  await t.rejects(makeFolders(path.join(dir, 'file')), { code: 'EEXIST' });
  await t.rejects(makeFolders(path.join(dir, 'file/below')), { code: 'EEXIST' });
});

t.test('where no folder can be made, it ends', { skip: existsSync('/proc/self') ? false : 'no /proc here' }, async (t) => {
  await t.rejects(makeFolders('/proc/hil/below'), { message: /mkdir/ });
});
