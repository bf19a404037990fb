/** A table that cannot show a failure is worth nothing: each way in which diagnosis can be wrong is counted as such. */
import t from 'tap';
import type { CaseReport } from '../../harness/report/report.ts';
import type { PlantedCase } from './case.ts';
import { missedAims, namedFirst, scoreOf, totalsOf, type Score } from './score.ts';

const planted = { kind: 'planted', culprits: [1], causes: ['bias.missing'] } as unknown as PlantedCase;
const mutation: PlantedCase = { ...planted, kind: 'mutation', causes: [] };

/** A report with own error in layers and what was said of them: [layer, [cause, rank]...]. */
function report(layers: readonly (readonly [number, ...(readonly [string, number])[]])[], verdict = 'fail'): CaseReport {
  return { verdict, reasons: ['a reason'], layers: layers.map(([index, ...said]) => ({ index, own: { compared: 9, mismatched: 3 }, diagnosis: said.map(([cause, rank]) => ({ cause, rank, explained: 3, wrong: 3, contradicted: 0 })) })) } as unknown as CaseReport;
}

t.test('one planted defect', async (t) => {
  const judged = (layers: Parameters<typeof report>[0], verdict?: string): object => {
    const { diagnosis, isCulpritRight } = scoreOf(planted, report(layers, verdict));
    return { diagnosis, isCulpritRight };
  };
  t.same(judged([[1, ['bias.missing', 1], ['bias.shifted', 2]]]), { diagnosis: 'first', isCulpritRight: true });
  t.same(judged([[1, ['bias.missing', 1], ['bias.shifted', 1]]]), { diagnosis: 'tie', isCulpritRight: true });
  t.same(judged([[1, ['bias.shifted', 1], ['bias.missing', 2]]]), { diagnosis: 'wrong', isCulpritRight: true }, 'second is not first');
  t.same(judged([[1]]), { diagnosis: 'unexplained', isCulpritRight: true });
  t.same(judged([[2, ['bias.missing', 1]]]), { diagnosis: 'first', isCulpritRight: false }, 'another layer is blamed');
  t.same(judged([[1, ['bias.missing', 1]], [2]]), { diagnosis: 'first', isCulpritRight: false }, 'one layer too many is blamed');
  t.same(judged([]), { diagnosis: 'unexplained', isCulpritRight: false });
  t.same(judged([], 'pass'), { diagnosis: 'unchanged', isCulpritRight: false }, 'it changes nothing');
  t.same(judged([], 'build-error'), { diagnosis: 'unchanged', isCulpritRight: false });
});

t.test('causes that are the same thing are one', async (t) => {
  const two = { ...planted, causes: ['bias.missing', 'bias.doubled'] } as unknown as PlantedCase;
  t.equal(scoreOf(two, report([[1, ['bias.missing', 1], ['bias.doubled', 1]]])).diagnosis, 'first');
  t.equal(scoreOf(two, report([[1, ['bias.missing', 1], ['bias.shifted', 1]]])).diagnosis, 'tie');
});

t.test('a mutation that is explained is a false claim', async (t) => {
  t.equal(scoreOf(mutation, report([[1, ['bias.missing', 1]]])).diagnosis, 'wrong');
  t.equal(scoreOf(mutation, report([[1]])).diagnosis, 'unexplained');
});

t.test('totals and aims', async (t) => {
  const scores = (...list: Score['diagnosis'][]): Score[] => list.map((diagnosis) => ({ diagnosis, isCulpritRight: diagnosis !== 'unchanged', said: '' }));
  const good = totalsOf(scores(...Array<'first'>(18).fill('first'), 'tie', 'tie'));
  const none = totalsOf([]);
  const quiet = totalsOf(scores('unexplained'));
  t.equal(namedFirst(good), 0.95, 'a tie counts half');
  t.same(missedAims(good, quiet), []);
  t.match(missedAims(totalsOf(scores('first', 'unexplained')), none), ['named first: 50.0 %, not 95 %']);
  t.match(missedAims(good, totalsOf(scores('wrong', 'unexplained'))), ['false claims: 0 of planted defects, 1 of mutations']);
  t.match(missedAims(totalsOf(scores(...Array<'first'>(20).fill('first'), 'wrong')), none), ['false claims: 1 of planted defects, 0 of mutations']);
  t.match(missedAims(totalsOf(scores(...Array<'first'>(20).fill('first'), 'unchanged')), none), [/culprit layer right: 20 of 21/, /1 change nothing/]);
  t.equal(namedFirst(none), 0, 'nothing measured is nothing reached');
});
