import type { HilError } from '../errors.ts';
import type { Frame } from './frame.ts';

/** A question to the agent. */
export interface Request {
  readonly type: number;
  readonly payload: Buffer;
  /** Takes the answer. @returns false where the frame answers something else (an older request). @throws MalformedError */
  readonly accept: (answer: Frame) => boolean;
  /**
   * hello: asked again at a fixed pace until the caller gives up (which may be any request). run: sent alone, asked again after ever longer silence
   * until the caller gives up. Default: asked again until the retries are used up.
   */
  readonly kind?: 'hello' | 'run';
  /** Sent only when nothing else is outstanding, and nothing else is sent until it is answered. A RUN always is. */
  readonly alone?: true;
  /** Smaller requests that do the same together, for a line on which long frames don't get through; null: no smaller. */
  readonly split?: () => readonly Request[] | null;
}

/** Gives requests one after the other, made when there is room to send them; null when there are no more. */
export type RequestSource = () => Request | null;

/** A source of one. */
export function single(request: Request): RequestSource {
  let left: Request | null = request;
  return () => {
    const next = left;
    left = null;
    return next;
  };
}

/** What one call of the link's user is waiting for. */
export interface Job {
  readonly source: RequestSource;
  readonly resolve: () => void;
  readonly reject: (error: HilError) => void;
  outstanding: number;
  exhausted: boolean;
}

/** A request made into a frame. */
export interface Pending {
  readonly job: Job;
  readonly request: Request;
  readonly frame: Frame;
  readonly wire: Buffer;
  attempts: number;
  /** How often the device reported damage while this was the oldest. */
  damages: number;
  /** Place, in all that was ever sent, of the earliest transmission that may still be answered, and of the latest. */
  firstOrder: number;
  lastOrder: number;
}
