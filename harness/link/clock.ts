/** Time as the link sees it; injected, so that tests decide when a deadline passes. */
export interface Clock {
  /** Milliseconds on a scale that never jumps. */
  now(): number;
  /** Calls `fn` once after `ms` milliseconds. @returns a function that cancels it. */
  after(ms: number, fn: () => void): () => void;
}

/** The computer's own time, for the edges of the program. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, fn) => {
    // A process that was held up finds the time over and the answer there: the answer is read first.
    let late: NodeJS.Immediate | undefined;
    const timer = setTimeout(() => { late = setImmediate(fn); }, ms);
    return () => {
      clearTimeout(timer);
      clearImmediate(late);
    };
  },
};
