import fc from 'fast-check';
import t from 'tap';
import { inOrder, PRIORITIES, type Standing, type Waiter } from './turns-order.ts';

const AGE = 1000;
const waiter = (name: string, priority: Waiter['priority'], since: number, share = name): Waiter => ({ token: name, priority, share, since });
const standing = (more: Partial<Standing> = {}): Standing => ({ now: 0, ageMs: AGE, held: new Map(), use: new Map(), ...more });
const names = (waiters: readonly Waiter[], more?: Partial<Standing>): string => inOrder(waiters, standing(more)).map(({ token }) => token).join(' ');

t.test('priority, then the share with least, then arrival', async (t) => {
  t.equal(names([waiter('n', 'nightly', -3), waiter('p', 'pull-request', -2), waiter('i', 'interactive', -1)]), 'i p n');
  t.equal(names([waiter('late', 'nightly', -1), waiter('early', 'nightly', -5)]), 'early late');
  const two = [waiter('a1', 'nightly', -9, 'a'), waiter('a2', 'nightly', -8, 'a'), waiter('a3', 'nightly', -7, 'a'), waiter('b1', 'nightly', -1, 'b')];
  t.equal(names(two), 'a1 b1 a2 a3', 'each share one, before one has its second');
  t.equal(names(two, { use: new Map([['a', 10]]) }), 'b1 a1 a2 a3', 'least use lately');
  t.equal(names(two, { held: new Map([['b', 1]]), use: new Map([['a', 10]]) }), 'a1 b1 a2 a3', 'who has a slot now waits for who has none');
  t.equal(names([waiter('x', 'pull-request', -1, 'a'), waiter('y', 'nightly', -2, 'b')], { use: new Map([['a', 1e6]]) }), 'x y', 'shares count within a priority only');
});

t.test('ageing: a level for each time waited, and after all of them arrival alone', async (t) => {
  t.equal(names([waiter('n', 'nightly', 0), waiter('p', 'pull-request', 999)], { now: 999 }), 'p n');
  t.equal(names([waiter('n', 'nightly', 0, 'x'), waiter('p', 'pull-request', 900, 'y')], { now: 1000 }), 'n p', 'as a pull request that came earlier');
  t.equal(names([waiter('n', 'nightly', 0), waiter('i', 'interactive', 2999)], { now: 3000, use: new Map([['n', 1e9]]) }), 'n i', 'overdue: whatever it used');
  t.equal(names([waiter('b', 'nightly', 1, 'b'), waiter('a', 'nightly', 0, 'a')], { now: 9000, use: new Map([['a', 1e9]]) }), 'a b');
});

t.test('whatever else comes: nobody is overtaken by those that come after it was overdue', async () => {
  const any = fc.record({ priority: fc.constantFrom(...PRIORITIES), share: fc.constantFrom('a', 'b', 'c'), since: fc.integer({ min: -10_000, max: 0 }) });
  fc.assert(fc.property(fc.array(any, { minLength: 1, maxLength: 12 }), fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.double({ min: 0, max: 1e6, noNaN: true })), (list, use) => {
    const waiters = list.map((each, k): Waiter => ({ ...each, token: String(k).padStart(2, '0') }));
    const order = inOrder(waiters, standing({ use: new Map(Object.entries(use)) }));
    if (order.length !== waiters.length || new Set(order).size !== waiters.length) return false;
    const overdue = waiters.filter(({ since, priority }) => -since >= (PRIORITIES.length - PRIORITIES.indexOf(priority)) * AGE);
    return overdue.every((each) => order.slice(0, order.indexOf(each)).every(({ since }) => since <= each.since));
  }));
});
