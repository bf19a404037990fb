import * as nodeFs from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import type { ReportFs } from './atomic.ts';
import type { Report } from './report.ts';
import { hostileReport } from './testing/hostile.ts';
import { passCase, report } from './testing/sample-reports.ts';
import { parseReport } from './validate.ts';
import { writeReports } from './write.ts';

t.test('writes every format, whole, and leaves nothing else', async (t) => {
  const dir = join(t.testdir(), 'a', 'b');
  const paths = await writeReports(report([passCase()]), dir, nodeFs, [{ name: 'generated/network.c', data: 'int x;\n' }]);
  t.same((await nodeFs.readdir(dir)).sort(), ['generated', 'junit.xml', 'report.html', 'report.json', 'report.tap', 'summary.md']);
  t.same(Object.keys(paths).at(-1), 'report.json', 'last: where it is, the others are');
  t.equal(await nodeFs.readFile(join(dir, 'generated/network.c'), 'utf8'), 'int x;\n');
  t.equal(parseReport(await nodeFs.readFile(join(dir, 'report.json'), 'utf8'), 'x').verdict, 'pass');
  await writeReports(report([]), dir, nodeFs);
  t.equal(parseReport(await nodeFs.readFile(join(dir, 'report.json'), 'utf8'), 'x').verdict, 'bench-error', 'written over');
});

t.test('hostile names go into no path', async (t) => {
  const dir = t.testdir();
  await writeReports(hostileReport(), dir);
  t.equal((await nodeFs.readdir(dir)).length, 5);
  for (const name of ['../x', '/x', 'a/../x', '.hidden', '', 'a\\b', 'a\0', 'a//b']) {
    await t.rejects(writeReports(report([passCase()]), dir, nodeFs, [{ name, data: '' }]), { kind: 'bench', code: 'report.write' }, JSON.stringify(name));
  }
});

t.test('a full disk: the old file stays, no temporary one does, the other formats are written', async (t) => {
  const dir = t.testdir({ 'junit.xml': 'old' });
  const full: ReportFs = { ...nodeFs, open: async (path, flags) => {
    const file = await nodeFs.open(path, flags);
    if (!path.includes('junit')) return file;
    return { writeFile: async () => { await file.writeFile('cut'); throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }); }, sync: () => file.sync(), close: () => file.close() };
  } };
  await t.rejects(writeReports(report([passCase()]), dir, full), { kind: 'bench', code: 'report.write', message: /junit\.xml.*ENOSPC/, facts: { failed: ['junit.xml'] } });
  t.equal(await nodeFs.readFile(join(dir, 'junit.xml'), 'utf8'), 'old');
  t.same((await nodeFs.readdir(dir)).sort(), ['junit.xml', 'report.html', 'report.json', 'report.tap', 'summary.md']);
});

t.test('a report that breaks its schema is written, and refused', async (t) => {
  const dir = t.testdir();
  await t.rejects(writeReports({ ...report([passCase()]), surprise: 1 } as Report, dir), { code: 'report.invalid', message: /surprise/ });
  t.ok((await nodeFs.readdir(dir)).includes('report.json'));
});
