import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import t from 'tap';
import { BUNDLE_FILE, BUNDLE_SCHEMA } from '../bundle/manifest.ts';
import { writeZip } from '../bundle/write-zip.ts';
import { canonicalReport } from '../history/canonical.ts';
import { renderJson } from '../report/index.ts';
import { caseReport, failCase, report } from '../report/testing/sample-reports.ts';
import { KeptRuns } from './kept-runs.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'hil-kept-runs-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));

const meant = report([failCase()]);
const id = meant.run.id;
const { key } = canonicalReport(meant);
const bundleOf = (runKey: string): Uint8Array => writeZip(new Map([[BUNDLE_FILE, Buffer.from(JSON.stringify({
  schema: BUNDLE_SCHEMA, hilVersion: '1', run: { id, key: runKey, startedAt: '', suite: 's', commit: null, sha256: { report: key, plan: key, transcript: key } }, cut: { cases: [{ name: 'a', device: 'b', verdict: 'fail' }], of: 1, wider: null },
  versions: { hil: '1', node: '', os: '', arch: '', compilers: [], generators: [], devices: {} }, replay: { identical: true, why: null, commands: [] }, files: {},
}))]]));

t.test('a run is found by what it was; another of the same id is none', async (t) => {
  const other = report([caseReport()]);
  t.equal(other.run.id, id);
  mkdirSync(path.join(dir, 'a'));
  writeFileSync(path.join(dir, 'a/report.json'), renderJson(other));
  writeFileSync(path.join(dir, 'b.zip'), bundleOf('0'.repeat(64)));
  t.equal(await new KeptRuns([dir]).find({ key, id, dir: path.join(dir, 'a') }), null);
  writeFileSync(path.join(dir, 'c.zip'), bundleOf(key));
  t.equal(await new KeptRuns([dir]).find({ key, id, dir: null }), path.join(dir, 'c.zip'));
  mkdirSync(path.join(dir, 'd'));
  writeFileSync(path.join(dir, 'd/report.json'), renderJson(meant));
  t.equal(await new KeptRuns([dir]).find({ key, id, dir: null }), path.join(dir, 'd'), 'a whole folder before a bundle');
  await t.rejects(new KeptRuns([path.join(dir, 'nowhere')]).find({ key, id, dir: null }), { kind: 'config', code: 'bisect.no-folder' });
});
