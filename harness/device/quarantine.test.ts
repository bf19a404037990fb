import t from 'tap';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { HilError } from '../errors.ts';
import { putInQuarantine, quarantineOf, quarantinesOf, quarantineText, releaseFromQuarantine } from './quarantine.ts';
import { tempDir } from './testing/helpers.ts';

/** Local time, as people mean a day. */
const at = (text: string): Date => new Date(text);
const now = at('2027-01-15T12:00:00');

t.test('a device file says so: its last day counts in full, the day after no more', async (t) => {
  const home = await tempDir(t);
  const spec = { id: 'board', quarantine: { reason: 'flaky cable', until: '2027-01-31' } };
  t.match(quarantineOf(spec, { home, now }), { reason: 'flaky cable', until: '2027-01-31', by: null, file: null });
  t.ok(quarantineOf(spec, { home, now: at('2027-01-31T23:59:59') }));
  t.equal(quarantineOf(spec, { home, now: at('2027-02-01T00:00:00') }), null);
  t.match(quarantinesOf(spec, { home, now: at('2027-02-01T00:00:00') }), [{ expired: true }], 'it is still shown');
  t.equal(quarantineOf({ id: 'board' }, { home, now }), null);
  t.throws(() => quarantineOf({ id: 'board', quarantine: { reason: 'r', until: '2027-02-30' } }, { home, now }), { kind: 'config', code: 'device.quarantine-day', message: /2027-02-30/ });
});

t.test('by command, and back', async (t) => {
  const home = await tempDir(t);
  const put = await putInQuarantine('board', { reason: 'burnt', until: '2027-01-15', by: 'ana' }, { home, now });
  t.match(quarantineOf({ id: 'board' }, { home, now }), { ...put, by: 'ana', since: now.toISOString() });
  t.equal(quarantineText(put), 'burnt (quarantined until 2027-01-15, by ana)');
  t.equal(quarantineOf({ id: 'board' }, { home, now: at('2027-01-16T00:00:01') }), null);
  t.equal(quarantineOf({ id: 'other' }, { home, now }), null);
  t.same(await readdir(join(home, 'quarantine')), ['board.json'], 'nothing half-written is left');

  const both = { id: 'board', quarantine: { reason: 'in the file', until: '2027-03-01' } };
  t.match(quarantineOf(both, { home, now }), { reason: 'in the file' }, 'the later end counts');
  await putInQuarantine('board', { reason: 'later', until: '2027-04-01', by: 'ana' }, { home, now });
  t.match(quarantinesOf(both, { home, now }).map(({ quarantine }) => quarantine.reason), ['later', 'in the file']);

  t.equal(await releaseFromQuarantine('board', home), true);
  t.equal(await releaseFromQuarantine('board', home), false);
  t.equal(quarantineOf({ id: 'board' }, { home, now }), null);
});

t.test('what is refused', async (t) => {
  const home = await tempDir(t);
  const put = (reason: string, until: string): Promise<unknown> => putInQuarantine('board', { reason, until, by: 'ana' }, { home, now });
  await t.rejects(put(' ', '2027-02-01'), { kind: 'config', code: 'device.quarantine-reason' });
  await t.rejects(put('r'.repeat(401), '2027-02-01'), { code: 'device.quarantine-reason' });
  for (const day of ['2027-02-29', '2027-2-1', 'tomorrow', '2027-13-01', '', '2027-01-20T00:00']) await t.rejects(put('r', day), { kind: 'config', code: 'device.quarantine-day' }, day);
  await t.rejects(put('r', '2027-01-14'), { kind: 'config', code: 'device.quarantine-over' });
  await t.rejects(putInQuarantine('../x', { reason: 'r', until: '2027-02-01', by: 'a' }, { home, now }), { code: 'device.bad-id' });
  await t.rejects(putInQuarantine('board', { reason: 'r', until: '2027-02-01', by: 'a' }, { home: '/dev/null', now }), { kind: 'bench', code: 'device.quarantine-folder', hint: /HIL_HOME/ });
});

t.test('a record that cannot be read is said, not passed over; it can be taken back', async (t) => {
  const home = await tempDir(t);
  await mkdir(join(home, 'quarantine'));
  const file = join(home, 'quarantine', 'board.json');
  for (const text of ['', '{', '[]', 'null', '{"reason": "r"}', '{"reason": "r", "until": "2027-02-30"}', '{"reason": 3, "until": "2027-02-20"}', 'x'.repeat(20_000)]) {
    await writeFile(file, text);
    t.throws(() => quarantineOf({ id: 'board' }, { home, now }), { kind: 'config', code: 'device.bad-quarantine', hint: /hil devices release board/ }, text.slice(0, 40));
  }
  t.equal(await releaseFromQuarantine('board', home), true);
});

t.test('whatever a record holds, it is read or refused', async (t) => {
  const home = await tempDir(t);
  await mkdir(join(home, 'quarantine'));
  const file = join(home, 'quarantine', 'board.json');
  await fc.assert(fc.asyncProperty(fc.oneof(fc.json(), fc.string(), fc.record({ reason: fc.string(), until: fc.oneof(fc.string(), fc.constantFrom('2027-02-01', '9999-12-31', '0000-00-00')), by: fc.anything() }).map((value) => JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? null : one)))), async (text) => {
    await writeFile(file, text);
    try {
      const found = quarantineOf({ id: 'board' }, { home, now });
      if (found !== null && (found.until < '2027-01-15' || typeof found.reason !== 'string')) throw new Error(JSON.stringify(found));
    } catch (error) {
      if (!(error instanceof HilError)) throw error;
    }
  }), { numRuns: 200 });
});
