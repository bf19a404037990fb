/**
 * The stack that a network can need at most, from what gcc says of each function (-fcallgraph-info=su): the deepest chain of calls,
 * frame by frame. Recursion can't be bounded. A call through a pointer may reach any static function of the same file that nothing calls
 * by name (why else would it be there), but for those that lead back to the caller: they are the network's own entry points.
 */

/** Kept free for functions of the C library and the compiler (memcpy, 64-bit and float arithmetic), whose frames gcc does not know, bytes. */
export const LIBRARY_STACK_BYTES = 96;

export interface StackBound {
  /** null where there is no bound. */
  readonly bytes: number | null;
  /** Why there is none, or the deepest chain of functions. */
  readonly why: string;
}

interface Function {
  readonly name: string;
  /** null: grows while it runs. */
  readonly frame: number | null;
  readonly calls: Set<string>;
}

const NODE = /^node: \{ title: "([^"]*)" label: "([^"]*)"( shape : ellipse)? \}$/;
const EDGE = /^edge: \{ sourcename: "([^"]*)" targetname: "([^"]*)"/;
const INDIRECT = '__indirect_call';

/**
 * @param graphs texts of the .ci files of a network's objects
 * @param root function whose depth is wanted; where no graph has it, the deepest of all that nothing calls
 */
export function stackBound(graphs: readonly string[], root: string): StackBound {
  const functions = readGraphs(graphs);
  if (functions.size === 0) return { bytes: null, why: 'the compiler gave no call graph' };
  const called = new Set([...functions.values()].flatMap(({ calls }) => [...calls]));
  const roots = functions.has(root) ? [root] : [...functions.keys()].filter((title) => !called.has(title));
  const depths = roots.map((title) => depthOf(title, functions, [], new Map()));
  const unbounded = depths.find(({ bytes }) => bytes === null);
  return unbounded ?? deepestOf(depths) ?? { bytes: null, why: 'every function is called by another: recursion' };
}

function readGraphs(graphs: readonly string[]): Map<string, Function> {
  const functions = new Map<string, Function>();
  for (const text of graphs) {
    for (const line of text.split('\n')) {
      const [, title = '', label = '', external] = NODE.exec(line) ?? [];
      if (title === '' || external !== undefined) continue;
      const size = /(\d+) bytes \((static|dynamic,bounded|dynamic)\)/.exec(label);
      functions.set(title, { name: label.split('\\n')[0] ?? title, frame: size === null || size[2] === 'dynamic' ? null : Number(size[1]), calls: new Set() });
    }
  }
  for (const text of graphs) {
    for (const line of text.split('\n')) {
      const [, from = '', to = ''] = EDGE.exec(line) ?? [];
      functions.get(from)?.calls.add(to);
    }
  }
  return functions;
}

function depthOf(title: string, functions: ReadonlyMap<string, Function>, path: readonly string[], known: Map<string, StackBound>): StackBound {
  const before = known.get(title);
  if (before !== undefined) return before;
  const self = functions.get(title);
  if (title === INDIRECT) return throughPointer(functions, path, known);
  if (self === undefined) return { bytes: LIBRARY_STACK_BYTES, why: title };
  if (path.includes(title)) return { bytes: null, why: `${self.name} calls itself` };
  if (self.frame === null) return { bytes: null, why: `the frame of ${self.name} has no fixed size` };
  const depths = [...self.calls].map((callee) => depthOf(callee, functions, [...path, title], known));
  const unbounded = depths.find(({ bytes }) => bytes === null);
  if (unbounded !== undefined) return unbounded;
  const deepest = deepestOf(depths);
  const result = { bytes: self.frame + (deepest?.bytes ?? 0), why: deepest === null ? self.name : `${self.name} > ${deepest.why}` };
  known.set(title, result);
  return result;
}

function throughPointer(functions: ReadonlyMap<string, Function>, path: readonly string[], known: Map<string, StackBound>): StackBound {
  const caller = path.at(-1) ?? '';
  const called = new Set([...functions.values()].flatMap(({ calls }) => [...calls]));
  const file = caller.slice(0, caller.lastIndexOf(':') + 1);
  const candidates = [...functions.keys()].filter((title) => file !== '' && title.startsWith(file) && !called.has(title) && !reaches(title, new Set(path), functions, new Set()));
  const depths = candidates.map((title) => depthOf(title, functions, path, known));
  return depths.find(({ bytes }) => bytes === null) ?? deepestOf(depths) ?? { bytes: null, why: `${functions.get(caller)?.name ?? '?'} calls through a pointer` };
}

function reaches(title: string, wanted: ReadonlySet<string>, functions: ReadonlyMap<string, Function>, seen: Set<string>): boolean {
  if (wanted.has(title)) return true;
  if (seen.has(title)) return false;
  seen.add(title);
  return [...(functions.get(title)?.calls ?? [])].some((callee) => reaches(callee, wanted, functions, seen));
}

const deepestOf = (depths: readonly StackBound[]): StackBound | null =>
  depths.reduce<StackBound | null>((most, depth) => (most === null || (depth.bytes ?? 0) > (most.bytes ?? 0) ? depth : most), null);
