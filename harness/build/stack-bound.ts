/**
 * The stack that a network can need at most, from what gcc says of each function (-fcallgraph-info=su): the deepest chain of calls,
 * frame by frame. No recursion and no call through a pointer can be bounded.
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
  const deepest = depths.reduce<StackBound | null>((most, depth) => (most === null || (depth.bytes ?? 0) > (most.bytes ?? 0) ? depth : most), null);
  return unbounded ?? deepest ?? { bytes: null, why: 'every function is called by another: recursion' };
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
  if (title === INDIRECT) return { bytes: null, why: `${path.at(-1) ?? '?'} calls through a pointer` };
  if (self === undefined) return { bytes: LIBRARY_STACK_BYTES, why: title };
  if (path.includes(title)) return { bytes: null, why: `${self.name} calls itself` };
  if (self.frame === null) return { bytes: null, why: `the frame of ${self.name} has no fixed size` };
  let deepest: StackBound = { bytes: 0, why: '' };
  for (const callee of self.calls) {
    const depth = depthOf(callee, functions, [...path, title], known);
    if (depth.bytes === null) return depth;
    if (depth.bytes > (deepest.bytes ?? 0)) deepest = depth;
  }
  const result = { bytes: self.frame + (deepest.bytes ?? 0), why: deepest.why === '' ? self.name : `${self.name} > ${deepest.why}` };
  known.set(title, result);
  return result;
}
