/** The committed test sequences are what the committed code makes, byte for byte. */

import t from 'tap';
import { readdirSync, readFileSync } from 'node:fs';
import { AXES } from '../doe/space.ts';
import { parseNpy } from '../../../harness/suite/npy.ts';
import { plan } from './plan.ts';
import { idleState, inputFile, record, torqueFile } from './record.ts';

const folder = new URL('../sequences/', import.meta.url);
const read = (name: string): Uint8Array => readFileSync(new URL(name, folder));
const { test } = plan();
const start = idleState();

t.test('no file too few or too many', (t) => {
  const wanted = test.flatMap(({ name }) => [`${name}.input.npy`, `${name}.torque.npy`]).sort();
  t.strictSame(readdirSync(folder).sort(), wanted);
  t.ok(test.length >= 5);
  t.end();
});

for (const sequence of test) {
  t.test(`${sequence.name} comes from the generator`, (t) => {
    const made = record(sequence, start);
    t.ok(Buffer.from(inputFile(made)).equals(read(`${sequence.name}.input.npy`)), 'inputs');
    t.ok(Buffer.from(torqueFile(made)).equals(read(`${sequence.name}.torque.npy`)), 'torque');
    t.end();
  });
}

const valuesOf = (file: string): number[] => Array.from(parseNpy(read(file)).data, Number);
/** Torque, and column `column` of the inputs, as committed. */
const torqueOf = (name: string): number[] => valuesOf(`${name}.torque.npy`);
const columnOf = (name: string, column: number): number[] => valuesOf(`${name}.input.npy`).filter((_, i) => i % AXES.length === column);

t.test('each sequence has its character', (t) => {
  const tipIn = torqueOf('tip-in');
  t.ok((tipIn[239] ?? 0) > 1.25 * (tipIn[115] ?? 0), `tip-in: torque still creeps up after the jump, ${tipIn[115]} to ${tipIn[239]} Nm`);
  const spark = columnOf('spark-sweep', 1);
  const throttle = columnOf('spark-sweep', 2);
  t.ok(Math.min(...spark) === -1 && Math.max(...spark) === 1, 'spark-sweep: from end to end');
  t.equal(new Set(throttle.slice(70)).size, 1, 'spark-sweep: at held throttle');
  t.ok(Math.min(...torqueOf('motoring')) < -35, 'motoring: brakes');
  const jumps = (name: string): number => columnOf(name, 1).filter((x, i, a) => Math.abs(x - (a[i - 1] ?? x)) > 0.1).length;
  t.ok(jumps('steps') >= 3 && jumps('ramps') === 0, 'steps jump, ramps do not');
  t.end();
});
