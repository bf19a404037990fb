import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { openHistory, type History } from './index.ts';
import { backEnds } from './testing/back-ends.ts';

const PROCESSES = 8;
const RUNS = 50;
const KILLS: Readonly<Record<string, number>> = { sqlite: 10, postgres: 5 };
const WRITERS = 2;
const CASES = 2;

t.setTimeout(180_000);
const ends = await backEnds(t);

interface Writer { readonly child: ChildProcess; readonly ended: Promise<unknown>; acknowledged(): string[]; errors(): string }

/** The lines that were told whole are what the writer was promised. */
function write(place: string, name: string, count: number): Writer {
  const child = spawn(process.execPath, [fileURLToPath(new URL('testing/writer.ts', import.meta.url)), place, name, String(count)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [told, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => { told += text; });
  child.stderr.setEncoding('utf8').on('data', (text: string) => { errors += text; });
  return { child, ended: once(child, 'close'), acknowledged: () => told.slice(0, told.lastIndexOf('\n') + 1).split('\n').filter((line) => line !== '').map((line) => line.split(' ')[0] as string), errors: () => errors };
}

/** Runs of which a part is missing: none may be. */
async function torn(history: History): Promise<string[]> {
  const [runs, cases, points, layers] = [await history.runs({}), Map.groupBy(await history.cases({}), ({ run }) => run), Map.groupBy(await history.points({}), ({ run }) => run), Map.groupBy(await history.layers({}), ({ run }) => run)];
  const whole = await Promise.all(runs.map(async ({ key }) => cases.get(key)?.length === CASES && (points.get(key)?.length ?? 0) > 10 && (layers.get(key)?.length ?? 0) > 2 && (await history.report(key))?.cases.length === CASES));
  return runs.filter((_run, at) => whole[at] !== true).map(({ id }) => id);
}

for (const { name, skip, place } of ends) {
  const kills = KILLS[name] as number;
  t.test(`${PROCESSES} processes land ${RUNS} runs each in a new history at once: ${name}`, { skip }, async (t) => {
    const where = await place();
    const writers = Array.from({ length: PROCESSES }, (_, n) => write(where, `writer-${n}`, RUNS));
    await Promise.all(writers.map(({ ended }) => ended));
    t.same(writers.map(({ child, errors }) => [child.exitCode, errors()]), writers.map(() => [0, '']));
    const history = await openHistory(where);
    t.teardown(() => history.close());
    const ids = (await history.runs({})).map(({ id }) => id);
    t.equal(new Set(ids).size, PROCESSES * RUNS, 'none is lost');
    t.equal(ids.length, PROCESSES * RUNS, 'none is there twice');
    t.same(await torn(history), []);
  });

  t.test(`writers that are killed lose nothing that was acknowledged, and leave nothing half-done: ${name}`, { skip }, async (t) => {
    const where = await place();
    const acknowledged: string[] = [];
    let killed = 0;
    for (let round = 0; round < kills; round++) {
      const writers = Array.from({ length: WRITERS }, (_, n) => write(where, `killed-${round}-${n}`, 1_000_000));
      // In the first rounds while it is being made, then in the midst of landing.
      if (round > 1) while (writers.every((one) => one.acknowledged().length === 0 && one.child.exitCode === null)) await sleep(5);
      await sleep(Math.random() * (round > 1 ? 60 : 250));
      for (const { child } of writers) child.kill('SIGKILL');
      await Promise.all(writers.map(({ ended }) => ended));
      killed += writers.filter(({ child }) => child.signalCode === 'SIGKILL').length;
      t.same(writers.map(({ errors }) => errors()), writers.map(() => ''));
      acknowledged.push(...writers.flatMap((one) => one.acknowledged()));
    }
    t.equal(killed, kills * WRITERS, 'all were killed at work');
    t.ok(acknowledged.length >= kills - 2, `${acknowledged.length} runs were acknowledged`);
    const history = await openHistory(where);
    t.teardown(() => history.close());
    const there = new Set((await history.runs({})).map(({ key }) => key));
    t.same(acknowledged.filter((key) => !there.has(key)), [], 'everything acknowledged is there');
    t.same(await torn(history), [], 'whole runs only');
    if (name === 'sqlite') {
      const file = new DatabaseSync(where, { readOnly: true });
      t.same(file.prepare('PRAGMA integrity_check').all().map((row) => row['integrity_check']), ['ok']);
      t.same(file.prepare('PRAGMA foreign_key_check').all(), []);
      file.close();
    }
  });
}
