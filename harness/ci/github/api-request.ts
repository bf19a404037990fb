import { setTimeout as sleep } from 'node:timers/promises';
import { HilError } from '../../errors.ts';

/** Where and as whom; the token is in no message. */
export interface GithubApi {
  /** GITHUB_API_URL, e.g. https://api.github.com */
  readonly url: string;
  readonly token: string;
  readonly signal: AbortSignal;
  readonly userAgent: string;
  /** Told before a wait. */
  readonly onRetry?: (why: string, waitMs: number) => void;
  readonly limits?: Partial<ApiLimits>;
}
export interface ApiLimits {
  /** One request, to the last byte of its answer. */
  readonly requestMs: number;
  /** All attempts of a request and the waits between them. */
  readonly totalMs: number;
  readonly attempts: number;
  /** Before the second attempt; doubled each time. */
  readonly firstWaitMs: number;
  /** Where a secondary limit does not say how long: GitHub asks for a minute at least. */
  readonly secondaryWaitMs: number;
}
const LIMITS: ApiLimits = { requestMs: 30_000, totalMs: 5 * 60_000, attempts: 5, firstWaitMs: 1000, secondaryWaitMs: 60_000 };
const MOST_ANSWER_BYTES = 4 << 20;

interface Answer { readonly status: number; readonly text: string; readonly headers: Headers }

/**
 * One request to GitHub's REST API, tried again after 5xx, 429, limits of the rate, and a connection that breaks or hangs.
 * @returns the answer's JSON @throws HilError 'bench' ci.github-*: with the status, what GitHub says, and what to do; 'cancelled'
 */
export async function apiRequest(api: GithubApi, method: 'POST' | 'PATCH', path: string, body: unknown): Promise<unknown> {
  const limits = { ...LIMITS, ...api.limits };
  const url = apiUrl(api.url, path);
  const deadline = performance.now() + limits.totalMs;
  for (let attempt = 1; ; attempt++) {
    const answer = await send(api, method, url, body, limits.requestMs).catch((error: Error) => error);
    if (api.signal.aborted) throw api.signal.reason instanceof HilError ? api.signal.reason : new HilError('cancelled', 'ci.cancelled', 'cancelled while the check was posted');
    if (!(answer instanceof Error) && answer.status >= 200 && answer.status < 300) return parseAnswer(answer, method, path);
    const again = retryAfter(answer, attempt, limits);
    const error = answer instanceof Error ? unreachable(api, url, answer) : refused(api, answer, method, path);
    if (again === null) throw error;
    if (attempt >= limits.attempts || performance.now() + again > deadline) {
      throw error.inContext({ after: `; given up after ${attempt} ${attempt === 1 ? 'attempt' : 'attempts'}${attempt >= limits.attempts ? '' : `, as the next would have to wait ${Math.round(again / 1000)} s`}` });
    }
    api.onRetry?.(error.message, again);
    await sleep(again, undefined, { signal: api.signal }).catch(() => undefined);
  }
}

/** A token goes over https, or to this computer. */
function apiUrl(base: string, path: string): URL {
  const url = URL.canParse(base) ? new URL(`${base.replace(/\/+$/, '')}${path}`) : null;
  const isLocal = url !== null && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLocal)) || url.username !== '') {
    throw new HilError('config', 'ci.github-url', `GITHUB_API_URL is no https address: ${base}`, { hint: 'For GitHub it is https://api.github.com, for a server of your own https://HOST/api/v3.' });
  }
  return url;
}

async function send(api: GithubApi, method: string, url: URL, body: unknown, requestMs: number): Promise<Answer> {
  const response = await fetch(url, {
    method, body: JSON.stringify(body), redirect: 'manual', signal: AbortSignal.any([api.signal, AbortSignal.timeout(requestMs)]),
    headers: { accept: 'application/vnd.github+json', authorization: `Bearer ${api.token}`, 'content-type': 'application/json', 'user-agent': api.userAgent, 'x-github-api-version': '2022-11-28' },
  });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MOST_ANSWER_BYTES) throw new Error(`an answer of more than ${MOST_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return { status: response.status, text: Buffer.concat(chunks).toString('utf8'), headers: response.headers };
}

/** Milliseconds to wait before the next attempt; null: another attempt is of no use. */
function retryAfter(answer: Answer | Error, attempt: number, { firstWaitMs, secondaryWaitMs }: ApiLimits): number | null {
  const usual = firstWaitMs * 2 ** (attempt - 1);
  if (answer instanceof Error || answer.status >= 500) return usual;
  if (answer.status !== 429 && answer.status !== 403) return null;
  const seconds = answer.headers.get('retry-after');
  if (seconds !== null && /^\d{1,6}$/.test(seconds)) return Number(seconds) * 1000;
  const reset = answer.headers.get('x-ratelimit-reset');
  if (answer.headers.get('x-ratelimit-remaining') === '0' && reset !== null && /^\d{1,12}$/.test(reset)) return Math.max(0, Number(reset) * 1000 - Date.now());
  if (/secondary rate limit|abuse/i.test(answer.text)) return secondaryWaitMs * 2 ** (attempt - 1);
  return answer.status === 429 ? usual : null;
}

function parseAnswer({ text, status }: Answer, method: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HilError('bench', 'ci.github-answer', `GitHub answered ${method} ${path} with ${status} and something that is no JSON`, { cause });
  }
}

function unreachable(api: GithubApi, url: URL, cause: Error): HilError {
  const inner = cause.cause instanceof Error ? `: ${cause.cause.message}` : '';
  return new HilError('bench', 'ci.github-unreachable', hide(`cannot reach ${url.origin}: ${cause.message}${inner}`, api.token), { hint: 'Check the network and GITHUB_API_URL.' });
}

const HINTS: Readonly<Record<number, string>> = {
  401: 'The token is not valid: in a workflow use GITHUB_TOKEN: ${{ github.token }}.',
  403: 'The job needs `permissions: checks: write`. The token of a pull request from a fork never has it: write --out there, and post it --from a workflow_run job.',
  404: 'Check GITHUB_REPOSITORY (owner/name); a token that may not see a repository gets this answer too. The job needs `permissions: checks: write`.',
  422: 'The commit of --sha must be in this repository.',
};

function refused(api: GithubApi, { status, text }: Answer, method: string, path: string): HilError {
  if (status >= 300 && status < 400) return new HilError('bench', 'ci.github-moved', `GitHub answered ${method} ${path} with ${status}: the repository has another name now`, { hint: 'Set GITHUB_REPOSITORY to its new name.' });
  const hint = HINTS[status];
  return new HilError('bench', 'ci.github-refused', hide(`GitHub answered ${method} ${path} with ${status}${messageOf(text)}`, api.token), hint === undefined ? {} : { hint });
}

/** ": Validation Failed (head_sha: No commit found)" */
function messageOf(text: string): string {
  try {
    const { message, errors } = JSON.parse(text) as { message?: unknown; errors?: unknown };
    const details = Array.isArray(errors) ? errors.slice(0, 5).map((one: unknown) => (typeof one === 'string' ? one : JSON.stringify(one))).join('; ') : '';
    return typeof message === 'string' ? `: ${message.slice(0, 500)}${details === '' ? '' : ` (${details.slice(0, 500)})`}` : '';
  } catch {
    return text.trim() === '' ? '' : `: ${text.trim().slice(0, 200)}`;
  }
}

const hide = (text: string, token: string): string => (token === '' ? text : text.replaceAll(token, '***'));
