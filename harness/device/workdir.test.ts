import t from 'tap';
import { chmod, mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ownedName, ownerOfName } from './process-identity.ts';
import { tempDir } from './testing/helpers.ts';
import { createWorkDir } from './workdir.ts';

t.test('private, short, removed with all in it', async (t) => {
  const dir = await createWorkDir();
  t.teardown(() => dir.remove());
  t.equal((await stat(dir.path)).mode & 0o777, 0o700);
  t.ok(dir.path.length < 90, dir.path);
  await mkdir(join(dir.path, 'a/b'), { recursive: true });
  await dir.remove();
  await dir.remove();
  await t.rejects(stat(dir.path), { code: 'ENOENT' });
});

t.test('folders of dead processes are swept; others are not touched', async (t) => {
  const base = join(await tempDir(t), 'base');
  const mine = await createWorkDir(base);
  const name = ownedName();
  const dead = name.replace(/^\d+-\d+/, `${2 ** 22 - 7}-1`);
  const reused = name.replace(/^(\d+)-\d+/, '$1-1');
  const place = name.split('-')[2]!;
  const elsewhere = name.replace(place, `000000${place.slice(6)}`);
  const elsewhereOld = elsewhere.replace(/^\d+/, '77');
  for (const each of [dead, reused, elsewhere, elsewhereOld, 'someone-else']) {
    await mkdir(join(base, each));
    await writeFile(join(base, each, 'file'), '');
  }
  await utimes(join(base, elsewhereOld), 1, 1);
  const next = await createWorkDir(base);
  t.same((await readdir(base)).sort(), [mine.path, next.path].map((path) => path.slice(base.length + 1)).concat(elsewhere, 'someone-else').sort());
  t.equal(ownerOfName('x'), null);
});

t.test('a base folder that others could write is refused', async (t) => {
  const base = join(await tempDir(t), 'base');
  await mkdir(base);
  await chmod(base, 0o777);
  await t.rejects(createWorkDir(base), { kind: 'bench', code: 'device.temp-folder-not-private' });
});
