/**
 * The one error class that crosses rooms. `kind` decides the verdict and the exit code (design: verdicts kept apart):
 *   config    -> exit 2, nothing has run
 *   target    -> the code under test is wrong (verdict "fail", exit 1)
 *   build     -> the code under test does not build (verdict "build-error", exit 3)
 *   bench     -> tool, device, link or file system of the bench failed (verdict "bench-error", exit 4)
 *   cancelled -> Ctrl-C, SIGTERM (verdict "interrupted", exit 130)
 */
export type ErrorKind = 'config' | 'target' | 'build' | 'bench' | 'cancelled';

export interface HilErrorOptions {
  /** What to do next, one sentence; printed after the message. */
  readonly hint?: string;
  /** Machine-readable facts: device id, offset, field, register values, ... */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

export class HilError extends Error {
  readonly kind: ErrorKind;
  /** Stable short code, e.g. 'model.offset-out-of-range', 'link.no-hello'. */
  readonly code: string;
  readonly hint: string | undefined;
  readonly facts: Readonly<Record<string, unknown>>;

  /** @param message what happened and on which device or file; untrusted names in it are NOT escaped yet (printers escape). */
  constructor(kind: ErrorKind, code: string, message: string, options: HilErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HilError';
    this.kind = kind;
    this.code = code;
    this.hint = options.hint;
    this.facts = options.facts ?? {};
  }

  /** The same error, telling more of its surroundings (which file, case, device or place); this one becomes its cause. */
  inContext(context: { readonly before?: string; readonly after?: string; readonly facts?: Readonly<Record<string, unknown>> }): HilError {
    return new HilError(this.kind, this.code, `${context.before ?? ''}${this.message}${context.after ?? ''}`,
      { ...(this.hint === undefined ? {} : { hint: this.hint }), facts: { ...this.facts, ...context.facts }, cause: this });
  }
}
