/**
 * Writes the data: `node data/generate.ts SCRATCH SEQUENCES`.
 *
 * Training, validation and representative arrays go to SCRATCH (never committed), the test sequences to SEQUENCES, and plan.json with
 * what the model card says about the data to SCRATCH.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DESIGN_CANDIDATES, DESIGN_POINTS, DESIGN_SEED, SPLIT_SIZES, smallestDistance } from '../doe/design.ts';
import type { Sequence } from '../doe/excitation.ts';
import { IDLE } from '../doe/profile.ts';
import { AXES } from '../doe/space.ts';
import { SAMPLE_RATE_HZ } from '../plant/simulate.ts';
import { encodeFloat32 } from './npy.ts';
import { EXCITATIONS, plan } from './plan.ts';
import type { Recording } from './record.ts';
import { idleState, record } from './record.ts';

const [scratch, committed] = process.argv.slice(2);
if (scratch === undefined || committed === undefined) throw new TypeError('usage: node data/generate.ts SCRATCH SEQUENCES');
mkdirSync(scratch, { recursive: true });
mkdirSync(committed, { recursive: true });

const all = plan();
const start = idleState();

function writeSet(name: string, sequences: readonly Sequence[]): void {
  const made: Recording[] = sequences.map((s) => record(s, start));
  const samples = sequences[0]?.inputs.length ?? 0;
  const join4 = made.flatMap((r) => [...r.input]);
  writeFileSync(join(scratch as string, `${name}.input.npy`), encodeFloat32([made.length, samples, AXES.length], join4));
  writeFileSync(join(scratch as string, `${name}.torque.npy`), encodeFloat32([made.length, samples], made.flatMap((r) => [...r.torqueNm])));
}

writeSet('training', all.training);
writeSet('validation', all.validation);
writeSet('representative', all.representative);
for (const s of all.test) {
  const r = record(s, start);
  writeFileSync(join(committed, `${s.name}.input.npy`), encodeFloat32([s.inputs.length, 1, 1, AXES.length], r.input));
  writeFileSync(join(committed, `${s.name}.torque.npy`), encodeFloat32([s.inputs.length, 1, 1], r.torqueNm));
}
const size = (set: readonly Sequence[]) => ({ sequences: set.length, samplesEach: set[0]?.inputs.length ?? 0 });
const facts = {
  sampleRateHz: SAMPLE_RATE_HZ,
  axes: AXES,
  idle: IDLE,
  design: { points: DESIGN_POINTS, seed: DESIGN_SEED, candidates: DESIGN_CANDIDATES, smallestDistance: smallestDistance(all.points.map((p) => p.unit)), splits: SPLIT_SIZES },
  excitations: EXCITATIONS,
  sets: { training: size(all.training), validation: size(all.validation), representative: size(all.representative), test: size(all.test) },
  test: all.test.map((s) => ({ name: s.name, points: s.points })),
};
writeFileSync(join(scratch, 'plan.json'), `${JSON.stringify(facts, null, 1)}\n`);
