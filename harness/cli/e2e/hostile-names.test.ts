import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { writeModel } from '../../model/writer/index.ts';
import { validateReport, type Report } from '../../report/index.ts';
import { parseTap } from '../../report/testing/tap-check.ts';
import { parseJunit } from '../../report/testing/xml-check.ts';
import { encodeNpy } from '../../suite/index.ts';
import { hil, reportOf } from './hil.ts';
import { customModel, filesOf, harmless, HOSTILE, hostileModel, plainC } from './hostile-models.ts';
import { openQuietly, noBrowser } from './quiet-browser.ts';
import { sandbox } from './sandbox.ts';

/** Names from models, suites and paths that try to act in every language that hil writes. */

t.setTimeout(240_000);

const bytes = writeModel(hostileModel());
/** As a file system allows it. */
const FILE = `it's a "model" ; touch me $(touch me)\n::error::me \u001b[31m.tflite`;

function placeModel(dir: string): string {
  writeFileSync(path.join(dir, FILE), bytes);
  return path.join(dir, FILE);
}

/** Every file of a report, read by a reader that is not ours. */
async function soundReport(t: Test, out: string, cases: number): Promise<Report> {
  const text = (name: string): string => readFileSync(path.join(out, name), 'utf8');
  for (const file of filesOf(out)) t.match(file, /^[A-Za-z0-9._/-]+$/, 'a plain file name');
  const report = JSON.parse(text('report.json')) as Report;
  t.same(validateReport(report), []);
  const tap = parseTap(text('report.tap'));
  t.equal(tap.count, cases, 'TAP: a point a case');
  t.equal(tap.fail, report.cases.filter(({ verdict }) => verdict !== 'pass').length, 'TAP: as many fail');
  t.same(tap.strayLines.filter((line) => line.trim() !== ''), [], 'TAP: no stray line');
  const junit = await parseJunit(text('junit.xml'));
  if (junit !== null) {
    t.same(new Set(junit.cases.flatMap(({ kinds }) => kinds)), new Set(report.verdict === 'pass' ? [] : ['failure']));
    t.equal(junit.suites.reduce((sum, suite) => sum + Number(suite['tests']), 0), junit.cases.length, 'JUnit: the counts are right');
  }
  const summary = text('summary.md');
  // eslint-disable-next-line no-control-regex
  t.notMatch(summary, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]|<script|<img|<failure|^\s*::/m, 'Markdown: no markup, no control character');
  for (const block of summary.matchAll(/(?:^\|.*\n)+/gm)) {
    const columns = block[0].trimEnd().split('\n').map((row) => row.replaceAll(/\\./g, '').split('|').length);
    t.same(new Set(columns).size, 1, 'Markdown: all rows of a table have its columns');
  }
  const html = text('report.html');
  t.notMatch(html, /<script>alert|<img src=x|<failure/, 'HTML: no markup from names');
  if (noBrowser === false) t.same(await openQuietly(path.join(out, 'report.html'), `${out}-browser`), [], 'a browser opens it without a dialog, an error or a request');
  return report;
}

t.test('a model', async (t) => {
  const box = sandbox(t);
  placeModel(box.dir);
  const model = FILE;
  const world = { env: box.env, cwd: box.dir };

  await t.test('check: it runs, and the names are only text', async (t) => {
    const run = await hil(['check', model, '--device', 'host', '--out', 'pass', '--verbose'], world);
    t.equal(run.code, 0, run.stderr);
    harmless(t, run);
    const report = await soundReport(t, path.join(box.dir, 'pass'), 1);
    t.same(report.cases[0]?.layers.map(({ name }) => name).slice(0, -1), HOSTILE.slice(0, -1), 'report.json holds the names as they are');
    plainC(t, path.join(box.dir, 'pass', 'generated'));
    t.same(reportOf(await hil(['check', model, '--device', 'host', '--out', 'pass', '--json'], world)).verdict, 'pass', 'as JSON too');
  });

  await t.test('inspect, generate and reference', async (t) => {
    const inspected = await hil(['inspect', model], world);
    t.equal(inspected.code, 0);
    harmless(t, inspected);
    t.match(inspected.stdout, /in \*\/ #error pwned/, 'the names can be read');
    const generated = await hil(['generate', model, '--out', 'c net'], world);
    t.equal(generated.code, 0, generated.stderr);
    harmless(t, generated);
    plainC(t, path.join(box.dir, 'c net'));
    const compiler = spawnSync('cc', ['-std=c99', '-Wall', '-Wextra', '-Werror', '-fsyntax-only', ...readdirSync(path.join(box.dir, 'c net')).filter((name) => name.endsWith('.c') && !name.endsWith('_hil.c'))], { cwd: path.join(box.dir, 'c net'), encoding: 'utf8' });
    if (compiler.error === undefined) t.equal(compiler.status, 0, compiler.stderr);
    writeFileSync(path.join(box.dir, 'x.npy'), encodeNpy({ dtype: 'int8', shape: [3, 1, 4], data: Int8Array.from({ length: 12 }, (_, k) => 9 * k) }));
    const reference = await hil(['reference', model, '--input', 'x.npy', '--out', 'tensors'], world);
    t.equal(reference.code, 0, reference.stderr);
    harmless(t, reference);
    const index = JSON.parse(readFileSync(path.join(box.dir, 'tensors/index.json'), 'utf8')) as { tensors: { name: string; file: string }[] };
    t.same(filesOf(path.join(box.dir, 'tensors')), ['index.json', ...index.tensors.map(({ file }) => file)].sort(), 'the files of the index and no others');
    t.match(index.tensors.map(({ file }) => file), index.tensors.map(() => /^\d{4}-(input|output)\.npy$/), 'no name in a path');
  });

  await t.test('a wrong weight: the names stand in the reasons', async (t) => {
    const weights = readdirSync(path.join(box.dir, 'c net')).find((name) => name.endsWith('_weights.c')) ?? '';
    const file = path.join(box.dir, 'c net', weights);
    writeFileSync(file, readFileSync(file, 'utf8').replace('{\n  -100,', '{\n  100,'));
    for (const device of ['host', 'qemu-m55']) {
      const run = await hil(['check', model, '--device', device, '--c', 'c net', '--out', device], world);
      t.equal(run.code, 1, run.stderr);
      harmless(t, run);
      t.match(run.stdout, /layer 0 FULLY_CONNECTED is wrong by itself/);
      t.match(run.stdout, /output out \*\/ #error pwned.* elements differ/, 'a name makes no new line');
      await soundReport(t, path.join(box.dir, device), 1);
    }
  });

  t.same(readdirSync(box.dir).sort(), ['c net', FILE, 'host', 'home', 'pass', 'qemu-m55', 't', 'tensors', 'x.npy', ...readdirSync(box.dir).filter((name) => name.endsWith('-browser'))].sort(), 'nothing beside what was asked for');
  t.same(box.leftovers(), []);
});

t.test('an operator with a hostile name is refused, and its name is only text', async (t) => {
  const box = sandbox(t);
  for (const [index, name] of HOSTILE.entries()) {
    if (index % 3 !== 0) continue; // each is the same way; these are enough of it
    writeFileSync(path.join(box.dir, 'm.tflite'), writeModel(customModel(name)));
    const run = await hil(index % 2 === 0 ? ['check', 'm.tflite', '--out', 'out'] : ['generate', 'm.tflite', '--out', 'out'], { env: box.env, cwd: box.dir });
    t.equal(run.code, 2);
    harmless(t, run);
    t.match(run.stderr, /^hil: [^\n]*[Oo]perator 0 [^\n]*(\n  -> [^\n]*)?$/, 'one line, and what to do');
    t.notOk(existsSync(path.join(box.dir, 'out')));
  }
});

t.test('a suite: its name, cases, sequences, metrics and files', async (t) => {
  const box = sandbox(t);
  const dir = path.join(box.dir, 'a "suite" ; $(touch pwned)\n');
  mkdirSync(dir);
  copyFileSync(placeModel(dir), path.join(dir, 'copy.tflite'));
  const input = `in"put' ; \n.npy`;
  writeFileSync(path.join(dir, input), encodeNpy({ dtype: 'int8', shape: [2, 1, 4], data: Int8Array.from({ length: 8 }, (_, k) => 9 * k) }));
  writeFileSync(path.join(dir, 'truth.npy'), encodeNpy({ dtype: 'float32', shape: [2, 4], data: new Float32Array(8) }));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const names = HOSTILE.map((name) => name.slice(0, 200));
  const all = names.join(' ').slice(0, 200);
  const cases = names.map((name, k) => ({
    name, model: { file: k % 2 === 0 ? FILE : 'copy.tflite', sha256 }, generator: 'builtin', sequences: [{ name, input, truth: 'truth.npy' }],
    metrics: [{ name, kind: 'rmse', unit: name.slice(0, 40), max: k % 4 === 0 ? 0 : 1e9 }],
  }));
  writeFileSync(path.join(dir, 'suite.json'), JSON.stringify({ schema: 'hil-suite/1', name: all, description: names.join(' '), cases }));
  const run = await hil(['run', dir, '--device', 'host', '--out', box.out], { env: box.env, cwd: box.dir });
  t.equal(run.code, 1, run.stderr);
  harmless(t, run);
  const report = await soundReport(t, box.out, names.length);
  t.same(report.cases.map(({ name }) => name), names);
  t.same(report.cases.map(({ verdict }) => verdict), names.map((_, k) => (k % 4 === 0 ? 'fail' : 'pass')));
  t.equal(readdirSync(path.join(box.out, 'images')).length, names.length, 'each case has its own image file, also where names look alike');
  const nowhere = await hil(['run', dir, '--device', 'host', '--case', 'none\u001b[31m\n::error::'], { env: box.env, cwd: box.dir });
  t.equal(nowhere.code, 2);
  harmless(t, nowhere);
  const listed = await hil(['run', dir, '--device', '\u001b[31m::error::'], { env: box.env, cwd: box.dir });
  t.equal(listed.code, 2);
  harmless(t, listed);
  t.notOk(existsSync(path.join(box.dir, 'pwned')));
  t.same(box.leftovers(), []);
});
