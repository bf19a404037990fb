/** Plays sequences on the plant and packs them as the arrays that training, hil and the tests read. */

import { encodeNpy } from '../../../harness/suite/npy.ts';
import type { EngineState } from '../plant/engine.ts';
import { settle, simulate } from '../plant/simulate.ts';
import type { Sequence } from '../doe/excitation.ts';
import { IDLE } from '../doe/profile.ts';
import { AXES, normalise } from '../doe/space.ts';

/** The model's inputs and the plant's torque of one sequence, float32, row after row. */
export interface Recording {
  /** samples x 4, model units. */
  input: Float32Array;
  /** One value a sample, Nm. */
  torqueNm: Float32Array;
}

/** The settled idle from which every sequence starts. */
export function idleState(): EngineState {
  return settle(IDLE);
}

export function record(sequence: Sequence, start: EngineState): Recording {
  return {
    input: Float32Array.from(sequence.inputs.flatMap(normalise)),
    torqueNm: Float32Array.from(simulate(sequence.inputs, start).torqueNm),
  };
}

/** Samples x the shape of the model's input tensor [1, 1, 4], as a .npy file. */
export function inputFile(r: Recording): Uint8Array {
  return encodeNpy({ dtype: 'float32', shape: [r.torqueNm.length, 1, 1, AXES.length], data: r.input });
}

/** Samples x the shape of the model's output tensor [1, 1, 1], as a .npy file. */
export function torqueFile(r: Recording): Uint8Array {
  return encodeNpy({ dtype: 'float32', shape: [r.torqueNm.length, 1, 1, 1], data: r.torqueNm });
}
