import t from 'tap';
import { historyFilter, timeOf } from './history-filter.ts';

const now = new Date('2026-11-21T12:00:00.000Z');

t.test('options become a filter; what is not given asks nothing', async (t) => {
  t.same(historyFilter({}, now), {});
  t.same(historyFilter({ run: 'r', commit: '1a2B', branch: 'main', pullRequest: '7', suite: 's*', case: 'c', device: 'd?', generator: 'hil 0.1.0', model: 'ab', verdict: 'fail', bench: 'b', since: '30d', until: '2026-11-21', limit: '5' }, now),
    { run: 'r', commit: '1a2B', branch: 'main', pullRequest: 7, suite: 's*', case: 'c', device: 'd?', generator: 'hil 0.1.0', model: 'ab', verdict: 'fail', bench: 'b', sinceMs: now.getTime() - 30 * 86_400_000, untilMs: Date.parse('2026-11-21'), limit: 5 });
});

t.test('times', async (t) => {
  for (const [text, iso] of [['2026-11-21', '2026-11-21T00:00:00.000Z'], ['2026-11-21T17:00Z', '2026-11-21T17:00:00.000Z'], ['2026-11-21T17:00:05.5+02:00', '2026-11-21T15:00:05.500Z'], ['2026-11-21 17:00', '2026-11-21T17:00:00.000Z'],
    ['90m', '2026-11-21T10:30:00.000Z'], ['12h', '2026-11-21T00:00:00.000Z'], ['2w', '2026-11-07T12:00:00.000Z'], ['2028-02-29', '2028-02-29T00:00:00.000Z']] as const) t.equal(new Date(timeOf('--since', text, now)).toISOString(), iso, text);
  for (const text of ['', 'soon', '2026-02-31', '2027-02-29', '2026-13-01', '2026-11-21T25:00', '1y', '-1d', '2026', '1e3d', '2026-11-21T17:00Zx']) t.throws(() => timeOf('--since', text, now), { kind: 'config', code: 'cli.time' }, text);
});

t.test('what cannot be meant is refused', async (t) => {
  for (const [options, code] of [[{ commit: '1a2' }, 'cli.digits'], [{ commit: 'main' }, 'cli.digits'], [{ model: '' }, 'cli.digits'], [{ model: 'xyz' }, 'cli.digits'], [{ suite: '' }, 'cli.empty'], [{ pullRequest: '0' }, 'cli.number'], [{ pullRequest: 'x' }, 'cli.number'], [{ limit: '0' }, 'cli.number'],
    [{ limit: '1.5' }, 'cli.number'], [{ since: '1d', until: '2d' }, 'cli.period'], [{ since: 'soon' }, 'cli.time']] as const) t.throws(() => historyFilter(options, now), { kind: 'config', code }, JSON.stringify(options));
});
