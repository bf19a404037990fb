import t from 'tap';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fvpStandIn, installStandIn } from '../testing/fvp.ts';
import { tempDir } from '../testing/helpers.ts';
import { findFvp, libraryPaths } from './find.ts';

const NAMES = ['FVP_Corstone_SSE-300_Ethos-U55', 'VHT_Corstone_SSE-300_Ethos-U55'];
const nowhere = { PATH: '/nonexistent', HOME: '/nonexistent' };

t.test('in the folder of HIL_FVP, for this computer\'s processor, the newest compiler first', async (t) => {
  const { folder, program } = await installStandIn(t, '');
  for (const platform of ['Linux64_GCC-6.4', 'Linux64_armv8l_GCC-9.3']) {
    await mkdir(join(folder, 'models', platform));
    await symlink(fvpStandIn, join(folder, 'models', platform, NAMES[0]!));
  }
  t.match(await findFvp(NAMES, { ...nowhere, HIL_FVP: folder }, 'x64'), { tool: { path: program } });
  t.match(await findFvp(NAMES, { ...nowhere, HIL_FVP: join(folder, '..') }, 'x64'), { tool: { path: program } }, 'a folder of install folders');
  t.match(await findFvp(NAMES, { ...nowhere, HIL_FVP: folder }, 'arm64'), { tool: { path: /armv8l/ } });
  t.match(await findFvp(['FVP_Other'], { ...nowhere, HIL_FVP: folder }, 'x64'), { missing: /none of FVP_Other is in the folder of HIL_FVP/ });
});

t.test('on PATH, then in the usual folders', async (t) => {
  const { folder, programs, program } = await installStandIn(t, '');
  t.match(await findFvp(NAMES, { ...nowhere, PATH: programs }, 'x64'), { tool: { path: program } });
  t.match(await findFvp(NAMES, { ...nowhere, HOME: join(folder, '..') }, 'x64'), { tool: { path: program } });
  t.match(await findFvp(NAMES, nowhere, 'x64'), { missing: /is on PATH or in the usual install folders/ });
});

t.test('HIL_FVP alone decides, and one device does not run on another\'s model', async (t) => {
  const { program, programs } = await installStandIn(t, '');
  t.match(await findFvp(NAMES, { PATH: programs, HIL_FVP: '/nonexistent/FVP' }, 'x64'), { missing: /neither a program nor a folder/ });
  t.match(await findFvp(['FVP_Corstone_SSE-300_Ethos-U65'], { ...nowhere, HIL_FVP: program }, 'x64'), { missing: /none of FVP_Corstone_SSE-300_Ethos-U65/ });
  t.match(await findFvp(NAMES, { ...nowhere, HIL_FVP: program }, 'x64'), { tool: { path: program } });
  t.match(await findFvp(NAMES, { ...nowhere, HIL_FVP: fvpStandIn }, 'x64'), { tool: { path: fvpStandIn } }, 'a wrapper of any other name');
});

t.test('the libraries that come with newer models', async (t) => {
  const folder = await tempDir(t);
  await mkdir(join(folder, 'python', 'lib'), { recursive: true });
  const path = join(folder, 'models', 'Linux64_GCC-9.3', 'FVP');
  const expected = { PYTHONHOME: join(folder, 'python'), LD_LIBRARY_PATH: `${folder}/fmtplib:${folder}/python/lib:/mine` };
  t.same(await libraryPaths({ path, realPath: path }, { LD_LIBRARY_PATH: '/mine' }), expected);
  t.same(await libraryPaths({ path: '/nonexistent/a/b/c', realPath: '/nonexistent/a/b/c' }, {}), {});
});
