import t from 'tap';
import { chmod, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { findTool } from './find-tool.ts';
import { tempDir } from './testing/helpers.ts';

t.test('a program by its path: to be started from any folder, under the name it was called by', async (t) => {
  const dir = await tempDir(t);
  await writeFile(join(dir, 'tool'), '#!/bin/sh\n');
  await chmod(join(dir, 'tool'), 0o755);
  await symlink('tool', join(dir, 'alias'));
  const path = join(dir, 'alias');
  const found = { path, realPath: join(dir, 'tool') };
  t.same(await findTool('HIL_TOOL', [relative(process.cwd(), path)], {}), found, 'relative to the folder that hil runs in');
  t.same(await findTool('HIL_TOOL', ['other'], { HIL_TOOL: relative(process.cwd(), path) }), found, 'by the variable');
  t.same(await findTool('HIL_TOOL', ['alias'], { PATH: dir }), found, 'on PATH');
  t.equal(await findTool('HIL_TOOL', ['alias'], { PATH: relative(process.cwd(), dir) }), null, 'a relative folder on PATH does not count');
  t.equal(await findTool('HIL_TOOL', [dir], {}), null, 'a folder is no program');
});
