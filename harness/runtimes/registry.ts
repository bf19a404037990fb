import { HilError } from '../errors.ts';
import { builtin } from './builtin.ts';
import { c } from './c.ts';
import type { Runtime } from './runtime.ts';

const RUNTIMES: ReadonlyMap<string, Runtime> = new Map([builtin, c].map((runtime) => [runtime.kind, runtime]));

/** Kinds that runtimeFor() knows, in order. */
export const RUNTIME_KINDS: readonly string[] = [...RUNTIMES.keys()];

/** The runtime of a suite's `generator`. Throws HilError config for an unknown kind. */
export function runtimeFor(kind: string): Runtime {
  const runtime = RUNTIMES.get(kind);
  if (runtime === undefined) {
    throw new HilError('config', 'runtimes.unknown', 'There is no generator of this kind.', {
      hint: `Generators: ${RUNTIME_KINDS.join(', ')}.`,
      facts: { kind, known: RUNTIME_KINDS },
    });
  }
  return runtime;
}
