import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import t from 'tap';
import { zipSync } from 'fflate';
import { HilError } from '../errors.ts';
import { loadSuite } from './load-suite.ts';
import { quarantineReason } from './suite.ts';

const outer = mkdtempSync(join(tmpdir(), 'hil-suite-'));
t.teardown(() => rmSync(outer, { recursive: true, force: true }));
const folder = join(outer, 'suite');
mkdirSync(join(folder, 'in'), { recursive: true });
writeFileSync(join(outer, 'secret.npy'), 'secret');
writeFileSync(join(folder, 'm.tflite'), 'model');
writeFileSync(join(folder, 'in', 'a.npy'), 'not read yet');
symlinkSync(join(outer, 'secret.npy'), join(folder, 'link.npy'));
symlinkSync(join(folder, 'in', 'a.npy'), join(folder, 'good-link.npy'));
const sha256 = createHash('sha256').update('model').digest('hex');

/** Any JSON, edited by tests in ways that its type would not allow. */
type Json = any;

const good = (): Json => ({
  schema: 'hil-suite/1', name: 'S',
  cases: [{ name: 'Case A', model: { file: 'm.tflite', sha256 }, generator: 'builtin', sequences: [{ name: 's', input: 'in/a.npy' }] }],
});

function load(edit: (suite: Json) => void = () => {}, env: NodeJS.ProcessEnv = {}): ReturnType<typeof loadSuite> {
  const suite = good();
  edit(suite);
  writeFileSync(join(folder, 'suite.json'), JSON.stringify(suite));
  return loadSuite(folder, env);
}

t.test('the least suite, with its defaults', async (t) => {
  const [one] = load().cases;
  t.match(one, { name: 'Case A', slug: 'case-a', generator: { kind: 'builtin' }, profile: 'tflm', tolerances: [], judge: 'values', metrics: [], budgets: {}, sampleRateHz: null, devices: null, quarantine: null });
  t.equal(Buffer.from(one?.model.bytes ?? []).toString(), 'model');
  t.match(one?.sequences[0], { name: 's', truth: null, oracle: null, resetEach: false, inputs: [{ tensor: null, file: { given: 'in/a.npy' } }] });
  t.same(loadSuite(join(folder, 'suite.json')).cases.length, 1, 'the file may be named too');
});

t.test('everything a case may say', async (t) => {
  const [one] = load((suite) => Object.assign(suite.cases[0], {
    generator: { kind: 'c', dir: 'in' }, profile: 'litert-ref', tolerance: { lsb: 2 }, sampleRateHz: 100, devices: ['qemu-m0'],
    sequences: [{ name: 's', input: { 'x:0': 'good-link.npy' }, truth: 'in/a.npy', oracle: 'in/a.npy', resetEach: true }],
    metrics: [{ name: 'e', kind: 'rmse', unit: 'Nm', max: 3 }], budgets: { latency: { max: 10, unit: 'us' }, stackBytes: 100 }, quarantine: { reason: 'r', until: '2030-01-31' },
  })).cases;
  t.match(one, { generator: { kind: 'c', dir: /in$/ }, tolerances: [{ layers: null, operator: null, lsb: 2, budget: null, reason: '' }], metrics: [{ output: null, against: 'truth', max: 3, min: null }], sequences: [{ resetEach: true, inputs: [{ tensor: 'x:0' }] }] });
});

t.test('tolerances, and a case judged by metrics', async (t) => {
  const reason = 'the kernel rounds once';
  const given = load((suite) => {
    suite.cases[0].tolerances = [{ layers: 'conv*', lsb: 1, reason }, { operator: '*CONV_2D', elements: 5, reason }, { layers: '3', operator: 'SOFTMAX', lsb: 2, share: 0.01, reason }];
  }).cases[0];
  t.same(given?.tolerances, [
    { layers: 'conv*', operator: null, lsb: 1, budget: null, reason }, { layers: null, operator: '*CONV_2D', lsb: null, budget: { elements: 5 }, reason },
    { layers: '3', operator: 'SOFTMAX', lsb: 2, budget: { share: 0.01 }, reason },
  ]);
  t.same(load((suite) => { suite.cases[0].tolerance = { lsb: 0 }; }).cases[0]?.tolerances, [], '0 LSB is exact');
  const [judged] = load((suite) => Object.assign(suite.cases[0], { judge: 'metrics', metrics: [{ name: 'a', kind: 'top-1', against: 'reference', min: 0.99 }, { name: 'b', kind: 'l2r', against: 'reference', max: 0.01 }] })).cases;
  t.match(judged, { judge: 'metrics', metrics: [{ kind: 'top-1', against: 'reference', max: null, min: 0.99 }, { kind: 'l2r', max: 0.01, min: null }] });
});

t.test('random samples, and cases that share an image', async (t) => {
  const suite = load((json) => { json.pack = 20; json.cases[0].sequences = [{ name: 's', random: { samples: 5, seed: 'abc' } }]; });
  t.match(suite, { pack: 20, cases: [{ sequences: [{ inputs: [], random: { samples: 5, seed: 'abc' } }] }] });
  t.equal(load().pack, 1);
  const given = load((json) => { json.cases[0].sequences = [{ name: 's', codes: 'AQID' }]; });
  t.same(given.cases[0]?.sequences[0]?.codes, Uint8Array.of(1, 2, 3));
});

t.test('models in one archive', async (t) => {
  writeFileSync(join(folder, 'models.zip'), zipSync({ 'a.tflite': Buffer.from('model') }));
  const withEntry = (model: object): ReturnType<typeof loadSuite> => load((json) => { json.cases[0].model = { sha256, ...model }; });
  const [one] = withEntry({ file: 'models.zip', entry: 'a.tflite' }).cases;
  t.equal(Buffer.from(one?.model.bytes ?? []).toString(), 'model');
  t.equal(one?.model.given, 'models.zip/a.tflite');
  t.throws(() => withEntry({ file: 'models.zip', entry: 'b.tflite' }), { kind: 'config', code: 'suite.no-entry', message: /cases\[0\]\.model\.entry: .*no entry "b\.tflite"/ });
  t.throws(() => withEntry({ file: 'm.tflite', entry: 'a.tflite' }), { kind: 'config', code: 'suite.not-zip', message: /not a ZIP archive/ });
  t.throws(() => withEntry({ url: 'https://example.org/m', entry: 'a' }), { kind: 'config', code: 'suite.invalid' });
  t.throws(() => withEntry({ file: 'models.zip', entry: 'a.tflite', sha256: '0'.repeat(64) }), { kind: 'config', code: 'suite.model-hash' });
});

const refused: [string, (suite: Json) => void, string, RegExp][] = [
  ['an unknown field', (s) => { s.cases[0].modle = {}; }, 'suite.unknown-field', /\$\.cases\[0\]\.modle: unknown field/],
  ['a field missing', (s) => { delete s.cases[0].sequences[0].name; }, 'suite.missing-field', /\$\.cases\[0\]\.sequences\[0\]\.name: is missing/],
  ['neither input nor random', (s) => { delete s.cases[0].sequences[0].input; }, 'suite.invalid', /\$\.cases\[0\]\.sequences\[0\]: expected one of input, random and codes/],
  ['both input and random', (s) => { s.cases[0].sequences[0].random = { samples: 1, seed: 'a' }; }, 'suite.invalid', /expected one of input, random and codes/],
  ['no random sample', (s) => { s.cases[0].sequences[0] = { name: 's', random: { samples: 0, seed: 'a' } }; }, 'suite.invalid', /random\.samples: expected at least 1/],
  ['another schema', (s) => { s.schema = 'hil-suite/2'; }, 'suite.invalid', /\$\.schema: expected "hil-suite\/1", got "hil-suite\/2"/],
  ['no case', (s) => { s.cases = []; }, 'suite.invalid', /\$\.cases: expected at least 1 of them, got \[\]/],
  ['another generator', (s) => { s.cases[0].generator = 'tvm'; }, 'suite.invalid', /\$\.cases\[0\]\.generator: expected "builtin" or .*, got "tvm"/],
  ['a wrong type', (s) => { s.cases[0].name = 7; }, 'suite.invalid', /\$\.cases\[0\]\.name: expected string, got 7/],
  ['both file and url', (s) => { s.cases[0].model.url = 'https://example.org/m'; }, 'suite.invalid', /expected either file or url/],
  ['a short hash', (s) => { s.cases[0].model.sha256 = 'abc'; }, 'suite.invalid', /model\.sha256/],
  ['a wrong hash', (s) => { s.cases[0].model.sha256 = '0'.repeat(64); }, 'suite.model-hash', new RegExp(`${sha256}, not 0{64}`)],
  ['two cases of one name', (s) => { s.cases.push(s.cases[0]); }, 'suite.duplicate-name', /\$\.cases\[1\]\.name: the name "Case A" is already that of \$\.cases\[0\]/],
  ['two sequences of one name', (s) => { s.cases[0].sequences.push(s.cases[0].sequences[0]); }, 'suite.duplicate-name', /sequences\[1\]\.name/],
  ['a path upwards', (s) => { s.cases[0].sequences[0].input = 'in/../../secret.npy'; }, 'suite.path-outside', /sequences\[0\]\.input: .* leaves/],
  ['an absolute path', (s) => { s.cases[0].sequences[0].truth = '/etc/passwd'; }, 'suite.path-outside', /absolute/],
  ['a Windows path', (s) => { s.cases[0].sequences[0].truth = 'C:\\x'; }, 'suite.path-outside', /absolute/],
  ['a link outwards', (s) => { s.cases[0].sequences[0].input = { x: 'link.npy' }; }, 'suite.path-outside', /input\.x: .* link that leaves/],
  ['a NUL in a path', (s) => { s.cases[0].model.file = 'm.tflite\0'; }, 'suite.path-outside', /NUL/],
  ['a file that is not there', (s) => { s.cases[0].sequences[0].input = 'b.npy'; }, 'suite.no-file', /there is no file "b\.npy"/],
  ['a folder for a file', (s) => { s.cases[0].sequences[0].input = 'in'; }, 'suite.no-file', /not a file/],
  ['a metric without truth', (s) => { s.cases[0].metrics = [{ name: 'e', kind: 'mae' }]; }, 'suite.no-truth', /no sequence has a truth/],
  ['a tolerance without a reason', (s) => { s.cases[0].tolerances = [{ lsb: 1 }]; }, 'suite.missing-field', /tolerances\[0\]\.reason: is missing/],
  ['a tolerance with an empty reason', (s) => { s.cases[0].tolerances = [{ lsb: 1, reason: ' ' }]; }, 'suite.invalid', /tolerances\[0\]\.reason/],
  ['a tolerance that forgives nothing', (s) => { s.cases[0].tolerances = [{ layers: 'a', reason: 'r' }]; }, 'suite.invalid', /tolerances\[0\]: expected lsb, elements or share/],
  ['a tolerance of 0 LSB', (s) => { s.cases[0].tolerances = [{ lsb: 0, reason: 'r' }]; }, 'suite.invalid', /tolerances\[0\]\.lsb: expected at least 1, got 0/],
  ['a share of everything', (s) => { s.cases[0].tolerances = [{ share: 1, reason: 'r' }]; }, 'suite.invalid', /tolerances\[0\]\.share: expected less than 1, got 1/],
  ['two budgets', (s) => { s.cases[0].tolerances = [{ share: 0.5, elements: 1, reason: 'r' }]; }, 'suite.invalid', /elements or share, not both/],
  ['both forms of tolerance', (s) => { Object.assign(s.cases[0], { tolerance: { lsb: 1 }, tolerances: [{ lsb: 1, reason: 'r' }] }); }, 'suite.invalid', /tolerance: give tolerance or tolerances, not both/],
  ['judged by metrics without one', (s) => { s.cases[0].judge = 'metrics'; }, 'suite.invalid', /judge: judged by metrics, and no metric has a limit/],
  ['judged by a metric without limit', (s) => { Object.assign(s.cases[0], { judge: 'metrics', metrics: [{ name: 'e', kind: 'mae', against: 'reference' }] }); }, 'suite.invalid', /no metric has a limit/],
  ['judged by metrics, with a tolerance', (s) => { Object.assign(s.cases[0], { judge: 'metrics', tolerance: { lsb: 1 }, metrics: [{ name: 'e', kind: 'mae', max: 1, against: 'reference' }] }); }, 'suite.invalid', /tolerances decide nothing/],
  ['the wrong limit', (s) => { s.cases[0].metrics = [{ name: 'e', kind: 'cosine', against: 'reference', max: 0.9 }]; }, 'suite.invalid', /metrics\[0\]\.max: of cosine more is better, so it takes min/],
  ['the other wrong limit', (s) => { s.cases[0].metrics = [{ name: 'e', kind: 'l2r', against: 'reference', min: 0.9 }]; }, 'suite.invalid', /metrics\[0\]\.min: of l2r less is better, so it takes max/],
  ['a limit that all meet', (s) => { s.cases[0].metrics = [{ name: 'e', kind: 'top-1', against: 'reference', min: 0 }]; }, 'suite.invalid', /a limit of 0 decides nothing/],
  ['a limit that none meets', (s) => { s.cases[0].metrics = [{ name: 'e', kind: 'nse', against: 'reference', min: 1.5 }]; }, 'suite.invalid', /min: expected at most 1/],
  ['a day that does not exist', (s) => { s.cases[0].quarantine = { reason: 'r', until: '2030-13-01' }; }, 'suite.invalid', /expected a day/],
  ['a model that is not in the cache', (s) => { s.cases[0].model = { url: 'https://example.org/m.tflite', sha256 }; }, 'suite.no-model', new RegExp(`https://example\\.org/m\\.tflite with SHA-256 ${sha256}`)],
];
for (const [name, edit, code, message] of refused) {
  t.test(`${name}: refused with its place`, async (t) => { t.throws(() => load(edit, { HIL_MODEL_CACHE: join(outer, 'empty') }), { kind: 'config', code, message }); });
}

t.test('the schema is a schema', async (t) => {
  const ajv = new Ajv({ strict: false });
  t.ok(ajv.validateSchema(JSON.parse(readFileSync(join(import.meta.dirname, 'suite.schema.json'), 'utf8'))), ajv.errorsText());
});

t.test('a typing error gets a proposal', async (t) => {
  t.throws(() => load((s) => { s.cases[0].sequnces = []; }), { code: 'suite.unknown-field', hint: 'Did you mean sequences?' });
});

t.test('a model by URL comes from the cache, and is checked there too', async (t) => {
  const cache = join(outer, 'cache');
  mkdirSync(cache);
  const byUrl = (s: Json): void => { s.cases[0].model = { url: 'https://example.org/m.tflite', sha256 }; };
  writeFileSync(join(cache, sha256), 'model');
  t.equal(load(byUrl, { HIL_MODEL_CACHE: cache }).cases[0]?.model.given, 'https://example.org/m.tflite');
  writeFileSync(join(cache, sha256), 'other');
  t.throws(() => load(byUrl, { HIL_MODEL_CACHE: cache }), { code: 'suite.model-hash' });
});

t.test('no suite, and no JSON', async (t) => {
  t.throws(() => loadSuite(join(outer, 'nowhere')), { kind: 'config', code: 'suite.not-found' });
  writeFileSync(join(outer, 'bad.json'), '{');
  t.throws(() => loadSuite(join(outer, 'bad.json')), { kind: 'config', code: 'suite.not-json' });
});

t.test('a quarantine ends', async (t) => {
  const quarantine = { reason: 'flaky bus', until: '2030-01-31' };
  t.equal(quarantineReason(quarantine, new Date('2030-01-31T23:59:59Z')), 'flaky bus (quarantined until 2030-01-31)');
  t.equal(quarantineReason(quarantine, new Date('2030-02-01T00:00:00Z')), null);
  t.equal(quarantineReason(null, new Date()), null);
});

t.test('any JSON is loaded or refused as a config error', async () => {
  const file = join(outer, 'any.json');
  fc.assert(fc.property(fc.jsonValue(), fc.constantFrom('cases', 'name', 'schema'), (value, field) => {
    writeFileSync(file, JSON.stringify({ ...good(), [field]: value }));
    try {
      loadSuite(file);
      return false;
    } catch (error) {
      return (error instanceof HilError && error.kind === 'config') || (field === 'name' && typeof value === 'string');
    }
  }), { numRuns: 300 });
});
