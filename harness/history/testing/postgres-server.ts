import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, chownSync, constants, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

/** A real server that the tests may do with as they like. */
export interface TestServer {
  /** Address of an empty place of its own: a new schema each time. */
  place(): Promise<string>;
  /** Of the user; no message may hold it. */
  readonly password: string;
  run(sql: string): Promise<void>;
  stop(): Promise<void>;
}

const START_DEADLINE_MS = 60_000;

/** Where Debian puts what is not on the PATH. */
function binaries(): string | null {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const places = [...(process.env['PATH'] ?? '').split(path.delimiter), ...versions.map((version) => path.join(debian, version, 'bin'))];
  return places.find((dir) => ['initdb', 'postgres'].every((name) => isExecutable(path.join(dir, name)))) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Why there is no server to test with; false where there is. */
export const noPostgres: string | false = process.env['HIL_TEST_POSTGRES'] !== undefined || binaries() !== null ? false
  : 'no PostgreSQL here (Debian: apt-get install postgresql), and HIL_TEST_POSTGRES names no server';

/** The server that HIL_TEST_POSTGRES names, or one of our own in a temporary folder, reached through a socket there. It ends with this process, however that ends. */
export async function testServer(): Promise<TestServer> {
  const given = process.env['HIL_TEST_POSTGRES'];
  if (given !== undefined) return serverAt(given, new Client({ connectionString: given }).password ?? '', async () => undefined);
  const bin = binaries() as string;
  const dir = mkdtempSync(path.join(tmpdir(), 'hil-pg-'));
  const user = unprivileged();
  if (user !== null) chownSync(dir, user.uid, user.gid);
  const password = `s3cret-${randomBytes(6).toString('hex')}`;
  const as = { cwd: dir, env: { PATH: process.env['PATH'], LC_ALL: 'C' }, ...user };
  writeFileSync(path.join(dir, 'pw'), password);
  if (user !== null) chownSync(path.join(dir, 'pw'), user.uid, user.gid);
  execFileSync(path.join(bin, 'initdb'), ['-D', path.join(dir, 'data'), '-U', 'hil', '-A', 'scram-sha-256', '--pwfile', path.join(dir, 'pw'), '-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions'], { ...as, stdio: ['ignore', 'ignore', 'inherit'] });
  // The shell outlives us by as much as it takes to see our end of the pipe closed.
  const child = spawn('sh', ['-c', '"$@" & server=$!; cat > /dev/null; kill -INT $server; wait $server; rm -rf "$PWD"', 'sh', path.join(bin, 'postgres'), '-D', path.join(dir, 'data'), '-k', dir,
    '-c', 'listen_addresses=', '-c', 'fsync=off', '-c', 'shared_buffers=16MB', '-c', 'max_connections=60', '-c', 'logging_collector=off'], { ...as, stdio: ['pipe', 'ignore', 'ignore'] });
  const gone = once(child, 'exit');
  child.stdin.on('error', () => undefined);
  // What holds the tests up is their own connections, not the server.
  child.unref();
  (child.stdin as unknown as { unref?: () => void }).unref?.();
  const url = `postgres://hil:${password}@/postgres?host=${encodeURIComponent(dir)}`;
  const stop = async (): Promise<void> => {
    child.ref();
    child.stdin.end();
    await gone;
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await answers(url);
  } catch (error) {
    await stop();
    throw error;
  }
  return serverAt(url, password, stop);
}

function serverAt(url: string, password: string, stop: () => Promise<void>): TestServer {
  const schemas: string[] = [];
  const run = async (sql: string): Promise<void> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  return {
    password, run,
    async place() {
      const schema = `hil_test_${randomBytes(6).toString('hex')}`;
      await run(`CREATE SCHEMA ${schema}`);
      schemas.push(schema);
      return `${url}${url.includes('?') ? '&' : '?'}options=${encodeURIComponent(`-c search_path=${schema}`)}`;
    },
    async stop() {
      for (const schema of schemas.splice(0)) await run(`DROP SCHEMA ${schema} CASCADE`);
      await stop();
    },
  };
}

async function answers(url: string): Promise<void> {
  for (const deadline = performance.now() + START_DEADLINE_MS; ;) {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (performance.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

/** PostgreSQL refuses to be started by root. */
function unprivileged(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // The next.
    }
  }
  throw new Error('neither a user postgres nor nobody to start PostgreSQL as');
}
