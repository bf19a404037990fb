import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { caseReport, report } from '../report/testing/sample-reports.ts';
import { linesOfCases, placesOfCases } from './suite-places.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'hil-places-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
const workspace = path.join(dir, 'work');
mkdirSync(path.join(workspace, 'suites', 'one'), { recursive: true });
const SUITE = '{\n  "schema": "hil-suite/1", "name": "x",\n  "cases": [\n    { "name": "first",\n      "model": {"name": "second"} },\n    {\n      "model": {},\r\n      "name": "sec\\u006fnd"\n    }\n  ]\n}\n';
const file = path.join(workspace, 'suites', 'one', 'suite.json');
writeFileSync(file, SUITE);
writeFileSync(path.join(dir, 'outside.json'), SUITE);
symlinkSync(path.join(dir, 'outside.json'), path.join(workspace, 'link.json'));
const of = async (suiteFile: string | null, name: string): Promise<unknown> =>
  (await placesOfCases(report([], { suite: { name: '', description: '', file: suiteFile } }), workspace))(caseReport({ name }));

t.test('the line of a case is that of its name', async (t) => {
  t.same([...linesOfCases(SUITE)], [['first', 4], ['second', 8]]);
  t.equal(SUITE.split('\n')[7]?.includes('nd"'), true);
});

t.test('relative to the workspace, however the report names it', async (t) => {
  t.same(await of(file, 'second'), { file: 'suites/one/suite.json', line: 8 });
  t.same(await of('suites/one/suite.json', 'first'), { file: 'suites/one/suite.json', line: 4 });
  t.equal(await of(file, 'third'), null, 'no such case');
});

t.test('only what is inside: nothing else is read', async (t) => {
  for (const elsewhere of [null, path.join(dir, 'outside.json'), '../outside.json', 'link.json', 'gone.json', 'suites', '', '/dev/zero', workspace]) t.equal(await of(elsewhere, 'first'), null, String(elsewhere));
});

t.test('any text gives lines that are in it', async (t) => {
  const pieces = fc.constantFrom('{', '}', '[', ']', '"cases"', ':', '"name"', '"a"', ',', '\n', '//', '\u0000', '1');
  fc.assert(fc.property(fc.oneof(fc.string(), fc.array(pieces).map((all) => all.join('')), fc.json()), (text) => {
    for (const line of linesOfCases(text).values()) if (!(line >= 1 && line <= text.split('\n').length)) throw new Error(String(line));
  }), { numRuns: 300 });
  t.same([...linesOfCases('{"cases": {"name": "a"}}')], []);
  t.same([...linesOfCases('{"cases": [{"name": 1}, 2, null, {"name": "b"}]}')], [['b', 1]]);
});
