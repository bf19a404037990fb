/**
 * Writes the data: `node data/generate.ts SCRATCH SEQUENCES`.
 *
 * Training, validation and representative arrays go to SCRATCH (never committed), the test sequences to SEQUENCES, and plan.json with
 * what the model card says about the data to SCRATCH.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeNpy } from '../../../harness/suite/npy.ts';
import { DESIGN_CANDIDATES, DESIGN_POINTS, DESIGN_SEED, SPLIT_SIZES, smallestDistance } from '../doe/design.ts';
import type { Sequence } from '../doe/excitation.ts';
import { IDLE } from '../doe/profile.ts';
import { AXES } from '../doe/space.ts';
import { SAMPLE_RATE_HZ } from '../plant/simulate.ts';
import { EXCITATIONS, plan } from './plan.ts';
import type { Recording } from './record.ts';
import { idleState, inputFile, record, torqueFile } from './record.ts';

const [scratch, committed] = process.argv.slice(2);
if (scratch === undefined || committed === undefined) throw new TypeError('usage: node data/generate.ts SCRATCH SEQUENCES');
mkdirSync(scratch, { recursive: true });
mkdirSync(committed, { recursive: true });

const all = plan();
const start = idleState();

function writeSet(name: string, sequences: readonly Sequence[]): void {
  const made: Recording[] = sequences.map((s) => record(s, start));
  const samples = sequences[0]?.inputs.length ?? 0;
  const write = (kind: string, shape: number[], parts: readonly Float32Array[]): void => {
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) });
    parts.forEach((part, i) => data.set(part, i * part.length));
    writeFileSync(join(scratch as string, `${name}.${kind}.npy`), encodeNpy({ dtype: 'float32', shape, data }));
  };
  write('input', [made.length, samples, AXES.length], made.map((r) => r.input));
  write('torque', [made.length, samples], made.map((r) => r.torqueNm));
}

writeSet('training', all.training);
writeSet('validation', all.validation);
writeSet('representative', all.representative);
for (const s of all.test) {
  const r = record(s, start);
  writeFileSync(join(committed, `${s.name}.input.npy`), inputFile(r));
  writeFileSync(join(committed, `${s.name}.torque.npy`), torqueFile(r));
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
