import t from 'tap';
import { HilError } from '../errors.ts';
import { renderJson, toFileForm } from './json.ts';
import type { Report } from './report.ts';
import { deepCase, DETERMINISM, diagnosedCase, diagnosedLayers, TOLERANCES } from './testing/diagnosed-reports.ts';
import { hostileReport } from './testing/hostile.ts';
import { caseReport, failCase, FAULT, output, report, sampleReports } from './testing/sample-reports.ts';
import { parseReport, validateReport } from './validate.ts';

t.test('every sample is valid, in memory and as written', async (t) => {
  for (const [name, sample] of Object.entries({ ...sampleReports(), diagnosed: report([diagnosedCase()]), deep: report([deepCase(20, 2)]), hostile: hostileReport() })) {
    t.same(validateReport(sample), [], name);
    const text = renderJson(sample);
    t.same(validateReport(JSON.parse(text)), [], `${name} as written`);
    t.equal(renderJson(parseReport(text, name)), text, `${name} read and written again`);
  }
});

// The samples are typed, so they hold each field of the types and no other; the schema must need each and allow no other.
t.test('every field is needed and no other is allowed', async (t) => {
  const full = toFileForm(report([{ ...failCase(), fault: FAULT, layers: diagnosedLayers().slice(1, 2), tolerances: TOLERANCES, determinism: DETERMINISM.slice(2), sequences: failCase().sequences.slice(0, 1), plots: failCase().plots.slice(0, 1) }]));
  const maps = /\/(tools|registers|histogram)$/;
  let fields = 0;
  const visit = (value: unknown, path: string): void => {
    if (Array.isArray(value)) return value.forEach((item, which) => visit(item, `${path}/${which}`));
    if (typeof value !== 'object' || value === null) return;
    const record = value as Record<string, unknown>;
    if (!maps.test(path)) {
      record['surprise'] = 1;
      t.match(validateReport(full).join(), /surprise/, `unknown field in ${path}/`);
      delete record['surprise'];
      for (const key of Object.keys(record)) {
        const kept = record[key];
        delete record[key];
        if (validateReport(full).length === 0) t.fail(`${path}/${key} is not required`);
        record[key] = kept;
        fields++;
      }
    }
    for (const [key, item] of Object.entries(record)) visit(item, `${path}/${key}`);
  };
  visit(full, '');
  t.ok(fields > 190, `${fields} fields`);
});

t.test('not-a-number survives the file', async (t) => {
  const spoilt = report([caseReport({ outputs: [output({ maxAbsDiff: Number.POSITIVE_INFINITY, metrics: [{ name: 'm', kind: 'rmse', value: Number.NaN, unit: '', max: null, passed: false }] })] })]);
  const text = renderJson(spoilt);
  t.match(text, /"value": "NaN"/);
  const [read] = parseReport(text, 'x').cases;
  t.ok(Number.isNaN(read?.outputs[0]?.metrics[0]?.value));
  t.equal(read?.outputs[0]?.maxAbsDiff, Number.POSITIVE_INFINITY);
});

t.test('the order of keys is the schema\'s, whatever it was', async (t) => {
  const sample = report([failCase()]);
  const reversed = JSON.parse(JSON.stringify(sample), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).reverse()) : value) as Report;
  t.equal(renderJson(reversed), renderJson(sample));
  t.match(renderJson(sample), /"histogram": \{\s*"-3": 41,\s*"-2": 180,/);
});

t.test('messages name the place', async (t) => {
  const broken = JSON.parse(renderJson(report([caseReport()]))) as { cases: { verdict: string }[] };
  if (broken.cases[0] !== undefined) broken.cases[0].verdict = 'green';
  t.match(validateReport(broken), [/^\/cases\/0\/verdict: .*\["pass"/]);
  t.throws(() => parseReport(JSON.stringify(broken), 'old.json'), { kind: 'config', code: 'report.invalid', message: /old\.json.*\/cases\/0\/verdict/ });
  t.throws(() => parseReport('{', 'cut.json'), HilError);
  t.not(validateReport(null).length, 0);
});

t.test('what diagnosis says is checked: counts, ranks, results', async (t) => {
  const spoilt: readonly (readonly [place: string, value: unknown])[] = [
    ['layers/1/diagnosis/0/rank', 0], ['layers/1/diagnosis/0/wrong', 0], ['layers/1/diagnosis/0/explained', 1.5], ['layers/1/from/0', -2], ['layers/1/own/first', 7], ['layers/1/own/samples', -1],
    ['layers/1/where/map/binned', [1, 1]], ['layers/1/where/pattern', 'all'], ['layers/1/where/values/got', null], ['layers/1/where/worst/accumulator', 'x'], ['layers/1/where/atTies', -1],
    ['tolerances/0/budget', { share: 1.5 }], ['tolerances/0/budget', { elements: 1, share: 0 }], ['tolerances/0/lsb', -1], ['determinism/0/result', 'perhaps'], ['determinism/2/layer', {}],
  ];
  t.same(validateReport(diagnosed()), [], 'right before it is spoilt');
  for (const [place, value] of spoilt) {
    const broken = diagnosed();
    const keys = place.split('/');
    const last = keys.pop() ?? '';
    const holder = keys.reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, (broken as { cases: Record<string, unknown>[] }).cases[0] ?? {});
    t.ok(Object.hasOwn(holder, last), place);
    holder[last] = value;
    t.match(validateReport(broken).join('; '), `/cases/0/${place}`, `${place} = ${JSON.stringify(value)}`);
  }
});

/** The diagnosed case as it stands in a file. */
function diagnosed(): unknown {
  return JSON.parse(renderJson(report([diagnosedCase()])));
}
