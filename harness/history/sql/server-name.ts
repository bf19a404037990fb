import { Client } from 'pg';
import { HilError } from '../../errors.ts';

const HINT = 'It is postgres://user:password@host:port/database; in a password write @ as %40, / as %2F, : as %3A, # as %23, % as %25, or leave it out and set PGPASSWORD.';

/**
 * What may be shown of a server's URL: user, host, port and database.
 * @throws HilError 'config' history.url where it cannot be read, or a password may have slipped into another part; it is not quoted
 */
export function serverName(url: string): string {
  const wrong = (): HilError => new HilError('config', 'history.url', 'HIL_HISTORY is no URL of a PostgreSQL server that can be read', { hint: HINT });
  let client: Client;
  try {
    client = new Client({ connectionString: url });
  } catch {
    throw wrong();
  }
  const { user = '', host, port, database = '' } = client;
  if ([user, host, database].some((part) => /[@#?\s]/.test(part)) || database.includes('/') || /@[^/?]*@/.test(url)) throw wrong();
  return host.startsWith('/') ? `postgres://${user}@/${database} (socket in ${host})` : `postgres://${user}@${host}:${port}/${database}`;
}

/** A text in which the URL and its password, as written and as meant, are blotted out. */
export function withoutPassword(text: string, url: string): string {
  const parts = /^[^/]*:\/\/[^/?#]*?:([^/?#]*)@/.exec(url);
  const written = [parts?.[1] ?? '', ...[...url.matchAll(/[?&]password=([^&#]*)/gi)].map(([, password = '']) => password)];
  return [url, ...written.flatMap((password) => [password, decoded(password)]), process.env['PGPASSWORD'] ?? '']
    .filter((password) => password !== '').reduce((rest, password) => rest.replaceAll(password, '***'), text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
