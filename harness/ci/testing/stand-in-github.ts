import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A stand-in for GitHub's Checks API on this computer (NOT GitHub): it holds requests to what the documentation of the REST API says. */
export interface StandInGithub {
  readonly url: string;
  readonly token: string;
  /** What was accepted, in order. */
  readonly accepted: { readonly method: string; readonly path: string; readonly body: Body }[];
  /** What was asked at all, accepted or not. */
  readonly asked: string[];
  /** Answers to give before it behaves; each takes one request. */
  readonly trouble: Trouble[];
  close(): Promise<void>;
}
interface Body { readonly name?: string; readonly head_sha?: string; readonly status?: string; readonly conclusion?: string; readonly details_url?: string; readonly completed_at?: string; readonly output?: { readonly title: string; readonly summary: string; readonly annotations?: readonly Record<string, unknown>[] } }
export type Trouble = { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> } | 'hang' | 'drop' | 'half';

const CONCLUSIONS = ['action_required', 'cancelled', 'failure', 'neutral', 'success', 'skipped', 'stale', 'timed_out'];
const OWN_FIELDS = ['name', 'head_sha', 'details_url', 'external_id', 'status', 'started_at', 'conclusion', 'completed_at', 'output', 'actions'];

export async function standInGithub(t: { teardown: (work: () => unknown) => void }): Promise<StandInGithub> {
  const made: Omit<StandInGithub, 'url' | 'close'> = { token: 'ghs_notARealTokenButSecret', accepted: [], asked: [], trouble: [] };
  const server = createServer((request, response) => void serve(made, request, response));
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => { server.close(() => resolve()); });
  };
  t.teardown(close);
  return { ...made, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

async function serve(github: Omit<StandInGithub, 'url' | 'close'>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = '', url = '' } = request;
  github.asked.push(`${method} ${url}`);
  const answer = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const trouble = github.trouble.shift();
  if (trouble === 'hang') return;
  if (trouble === 'drop') { request.socket.destroy(); return; }
  if (trouble === 'half') { response.writeHead(201, { 'content-length': '1000' }).write('{"id":'); setTimeout(() => request.socket.destroy(), 20); return; }
  if (trouble !== undefined) { answer(trouble.status, trouble.body ?? { message: `status ${trouble.status}` }, trouble.headers); return; }
  if (request.headers.authorization !== `Bearer ${github.token}`) { answer(401, { message: 'Bad credentials' }); return; }
  if (request.headers.accept !== 'application/vnd.github+json' || request.headers['x-github-api-version'] !== '2022-11-28' || (request.headers['user-agent'] ?? '') === '') { answer(403, { message: 'headers are missing' }); return; }
  const create = method === 'POST' && url === '/repos/someone/engine/check-runs';
  const update = method === 'PATCH' && url === '/repos/someone/engine/check-runs/77';
  if (!create && !update) { answer(404, { message: 'Not Found' }); return; }
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Body;
  const errors = wrongWith(body, create);
  if (errors.length > 0) { answer(422, { message: 'Validation Failed', errors }); return; }
  github.accepted.push({ method, path: url, body });
  answer(create ? 201 : 200, { id: 77, html_url: 'https://github.example/someone/engine/runs/77' });
}

/** As documented: required fields, limits of length, 50 annotations a request. */
function wrongWith(body: Body, create: boolean): string[] {
  const errors = Object.keys(body).filter((key) => !OWN_FIELDS.includes(key)).map((key) => `${key} is not known`);
  if (create && (typeof body.name !== 'string' || body.name === '')) errors.push('name is missing');
  if (create && !/^[0-9a-f]{40}$/.test(body.head_sha ?? '')) errors.push('head_sha: No commit found for SHA');
  if (body.conclusion !== undefined && !CONCLUSIONS.includes(body.conclusion)) errors.push(`conclusion ${body.conclusion}`);
  if (body.status === 'completed' && body.conclusion === undefined) errors.push('conclusion is required');
  if (body.completed_at !== undefined && Number.isNaN(Date.parse(body.completed_at))) errors.push('completed_at is no time');
  const { output } = body;
  if (output === undefined) return errors;
  if (typeof output.title !== 'string' || typeof output.summary !== 'string') errors.push('output needs title and summary');
  if ([...output.summary].length > 65_535) errors.push(`Only 65535 characters are allowed; ${[...output.summary].length} were supplied.`);
  const annotations = output.annotations ?? [];
  if (annotations.length > 50) errors.push('no more than 50 annotations a request');
  for (const one of annotations) {
    const { path, start_line: start, end_line: end, annotation_level: level, message, title } = one;
    if (typeof path !== 'string' || path === '' || !Number.isInteger(start) || !Number.isInteger(end) || (start as number) < 1 || (end as number) < (start as number)) errors.push(`annotation at ${String(path)}:${String(start)}`);
    if (!['notice', 'warning', 'failure'].includes(level as string) || typeof message !== 'string' || Buffer.byteLength(message) > 65_536 || (typeof title === 'string' && title.length > 255)) errors.push('annotation is wrong');
  }
  return errors;
}
