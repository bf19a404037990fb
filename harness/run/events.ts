/** What a run tells whoever shows its progress. Text in it is untrusted. */
export type RunEvent =
  | { readonly kind: 'phase'; readonly case: string; readonly device: string; readonly phase: Phase; readonly note?: string }
  | { readonly kind: 'progress'; readonly case: string; readonly device: string; readonly done: number; readonly total: number }
  | { readonly kind: 'log'; readonly case: string; readonly device: string; readonly line: string }
  | { readonly kind: 'case-done'; readonly case: string; readonly device: string; readonly verdict: string };

export type Phase = 'generate' | 'build' | 'wait for core' | 'wait for device' | 'start' | 'compare' | 'diagnose' | 'time' | 'repeat' | 'wait to repeat' | 'report';

export type OnEvent = (event: RunEvent) => void;

/** Adds up wall time per phase, in the order the phases first came. */
export class PhaseClock {
  readonly #ms = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  async time<T>(phase: string, work: () => Promise<T>): Promise<T> {
    const started = this.#now();
    try {
      return await work();
    } finally {
      this.#ms.set(phase, (this.#ms.get(phase) ?? 0) + this.#now() - started);
    }
  }

  phases(): { name: string; durationMs: number }[] {
    return [...this.#ms].map(([name, durationMs]) => ({ name, durationMs: Math.round(durationMs * 10) / 10 }));
  }
}
