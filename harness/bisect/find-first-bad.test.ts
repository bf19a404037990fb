import t from 'tap';
import { HilError } from '../errors.ts';
import type { Figure } from '../history/metrics-of-case.ts';
import type { Verdict } from '../report/index.ts';
import type { Candidate, Facts, Tried } from './candidate.ts';
import { findFirstBad, type BisectResult } from './find-first-bad.ts';

// Ends, limits and what ends a search, over candidates that are what they say.

const candidate = (k: number): Candidate => ({ kind: 'commit', id: `c${k}`, commit: `c${k}`, subject: `commit ${k}`, at: null });
const facts = (image: string): Facts => ({ image, model: 'm', generator: 'hil 1', compiler: 'gcc 12', inputs: null, hilVersion: '1' });

interface Result { readonly verdict: Verdict | null; readonly latency?: number; readonly likeness?: string; readonly better?: 'lower' | 'higher' }

function tried({ verdict, latency, likeness = 'same', better = 'lower' }: Result, image: string): Tried {
  const figure: Figure = { metric: 'latency', value: latency ?? 0, unit: 'instructions', quality: 'modelled', exact: true, better, likeness, likenessText: likeness };
  return { verdict, figures: latency === undefined ? [] : [figure], reason: verdict === 'pass' ? '' : 'why', facts: verdict === null ? null : facts(image), sameAs: null };
}

async function search(results: readonly Result[], wanted: { metric?: string; worseThan?: number } = {}): Promise<{ result: BisectResult; asked: string[] }> {
  const asked: string[] = [];
  const result = await findFirstBad(results.map((_, k) => candidate(k)), {
    wanted: { metric: wanted.metric ?? null, worseThan: wanted.worseThan ?? null }, signal: new AbortController().signal, onTry: ({ id }) => { asked.push(id); }, onTried: () => undefined,
    attempt: async ({ id }) => tried(results[Number(id.slice(1))] as Result, `image ${id}`),
  });
  return { result, asked };
}

const [good, bad, broken] = [{ verdict: 'pass' }, { verdict: 'fail' }, { verdict: 'build-error' }] as const satisfies Result[];
const found = ({ result }: { result: BisectResult }): readonly string[] => (result.outcome === 'found' ? result.firstBad.map(({ id }) => id) : [result.outcome]);

t.test('by verdict: the first bad one, the last good one, and what changed between', async (t) => {
  const { result, asked } = await search([good, good, good, bad, bad, bad]);
  t.match(result, { outcome: 'found', criterion: 'bad is verdict fail', firstBad: [{ id: 'c3' }], lastGood: { id: 'c2' }, changes: { changed: [{ fact: 'image', before: 'image c2', after: 'image c3' }], same: ['model', 'generator', 'compiler', 'hilVersion'] } });
  t.equal(new Set(asked).size, asked.length);
  t.strictSame(found(await search([good, bad])), ['c1'], 'two neighbours need nothing more');
  t.strictSame(found(await search([good, broken, broken, bad])), ['c1', 'c2', 'c3'], 'what does not build could each be it');
  t.strictSame(found(await search([good, good, broken, broken])), ['c2'], 'where the bad end does not build, that is what is looked for');
  t.strictSame(found(await search([good, { verdict: null }, good, bad])), ['c3']);
});

t.test('ends that are not what they were', async (t) => {
  t.match((await search([bad, bad, bad])).result, { outcome: 'good-is-bad', why: 'fail: why', tries: [{ state: 'bad' }] });
  t.match((await search([good, bad, good])).result, { outcome: 'bad-is-good', why: 'pass' });
  t.match((await search([{ verdict: 'pass', latency: 90 }, { verdict: 'pass', latency: 90 }], { metric: 'latency', worseThan: 50 })).result, { outcome: 'good-is-bad', why: /latency 90 instructions .*bad is latency more than 50/ });
  t.match((await search([{ verdict: 'pass', latency: 10 }, { verdict: 'pass', latency: 40 }], { metric: 'latency', worseThan: 50 })).result, { outcome: 'bad-is-good' });
  t.match((await search([{ verdict: 'pass', latency: 10 }, { verdict: 'pass', latency: 10 }], { metric: 'latency' })).result, { outcome: 'bad-is-good' }, 'equal figures do not tell good from bad');
});

t.test('by a figure: half way, a limit, or where more is better; unlike figures are not compared', async (t) => {
  const with_ = (...values: number[]): Result[] => values.map((latency) => ({ verdict: 'pass', latency }));
  t.strictSame(found(await search(with_(10, 11, 12, 40, 41), { metric: 'latency' })), ['c3']);
  t.strictSame(found(await search(with_(10, 11, 12, 40, 41), { metric: 'latency', worseThan: 10.5 })), ['c1']);
  t.strictSame(found(await search(with_(0.9, 0.9, 0.5, 0.4).map((each) => ({ ...each, better: 'higher' as const })), { metric: 'latency' })), ['c2']);
  t.strictSame(found(await search([{ verdict: 'pass', latency: 10 }, { verdict: 'pass', latency: 99, likeness: 'another compiler' }, { verdict: 'fail', latency: 11 }, { verdict: 'pass', latency: 40 }], { metric: 'latency' })), ['c3']);
  await t.rejects(search([{ verdict: 'pass', latency: 10 }, { verdict: 'pass', latency: 40, likeness: 'another compiler' }], { metric: 'latency' }), { kind: 'config', code: 'bisect.unlike' });
  await t.rejects(search([good, bad], { metric: 'latency' }), { kind: 'config', code: 'bisect.no-metric' });
});

t.test('what is no answer ends the search: a bench that fails, an end that cannot be tried, an interruption', async (t) => {
  await t.rejects(search([good, { verdict: 'bench-error' }, bad]), { kind: 'bench', code: 'bisect.bench', facts: { tries: [{ id: 'c0', state: 'good' }, { id: 'c2', state: 'bad' }] } });
  await t.rejects(search([good, { verdict: 'skipped' }]), { kind: 'bench', code: 'bisect.bench' });
  await t.rejects(search([broken, bad]), { kind: 'build', code: 'bisect.good-not-run' });
  await t.rejects(search([{ verdict: null }, bad]), { kind: 'config', code: 'bisect.good-not-run' });
  await t.rejects(search([good, { verdict: null }]), { kind: 'config', code: 'bisect.bad-not-run' });
  await t.rejects(search([bad]), { kind: 'config', code: 'bisect.nothing-between' });
  const reason = new HilError('cancelled', 'cli.interrupted', 'stop');
  await t.rejects(findFirstBad([candidate(0), candidate(1)], { wanted: { metric: null, worseThan: null }, signal: AbortSignal.abort(reason), attempt: async () => tried(good, ''), onTry: () => undefined, onTried: () => undefined }), { code: 'cli.interrupted' });
});
