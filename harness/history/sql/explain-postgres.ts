import { HilError } from '../../errors.ts';

/** SQLSTATE, or its class; see PostgreSQL's manual, appendix A. */
const MEANINGS: readonly (readonly [state: RegExp, code: string, hint: string])[] = [
  [/^28/, 'history.refused', 'Check user, password and pg_hba.conf of the server.'],
  [/^3D000/, 'history.no-database', 'Make it: createdb -O <user> <database>; see docs/history.md.'],
  [/^42501/, 'history.no-rights', 'Give the role its rights; see docs/history.md.'],
  [/^25006/, 'history.read-only', 'It is a standby, or set to read-only; name the primary in HIL_HISTORY.'],
  [/^55P03/, 'history.locked', 'Another hil has kept it locked; end that, or try again.'],
  [/^53100|^53200|^54/, 'history.full', 'Make room on the server; the runs that were said to be kept are.'],
  [/^53300/, 'history.busy', 'Raise max_connections of the server, or try again.'],
  [/^57|^08|^ECONN|^EPIPE|^ETIMEDOUT|^EHOST|^ENETUNREACH|^ENOTFOUND|^EAI_|^ENOENT|^EACCES/, 'history.unreachable', 'Check that the server runs and can be reached from here.'],
];

/** What the server, or the way to it, said. @param clean blots out the password */
export function explainPostgres(error: unknown, where: string, clean: (text: string) => string): HilError {
  const { code, errors } = error as { readonly code?: string; readonly errors?: readonly { readonly code?: string; readonly message: string }[] };
  // Several addresses of one name: each has failed.
  const first = errors?.[0];
  const state = code ?? first?.code ?? '';
  const message = clean((error instanceof Error && error.message !== '' ? error.message : first?.message) ?? String(error));
  const timeout = /timeout|terminated/i.test(message) && state === '';
  const [, known, hint] = MEANINGS.find(([pattern]) => pattern.test(state)) ?? (timeout ? MEANINGS.at(-1) as (typeof MEANINGS)[number] : [null, 'history.failed', 'Look into the log of the server.']);
  // Not as its cause: an object of the driver's may hold what it connected with.
  return new HilError('bench', known, `the history ${where}: ${message}`, { hint, facts: state === '' ? {} : { state } });
}
