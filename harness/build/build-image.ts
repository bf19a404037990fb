import { readFile, realpath, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import PQueue from 'p-queue';
import type { Image } from '../device/device.ts';
import { HilError } from '../errors.ts';
import type { NetworkPackage } from '../runtimes/manifest.ts';
import { checkArchitecture } from './arm-attributes.ts';
import { firmwareDir } from './board.ts';
import type { BoardSpec } from './board.ts';
import { dependencyKey, sourceKey } from './cache-key.ts';
import { ImageCache } from './cache.ts';
import type { CacheEntry } from './cache.ts';
import { parseElf } from './elf.ts';
import { linkedFiles, memoryFigures } from './memory.ts';
import type { MemoryFigures } from './memory.ts';
import { stackBound } from './stack-bound.ts';
import type { StackBound } from './stack-bound.ts';
import { networkTable } from './network-table.ts';
import { planBuild, TABLE_FILE } from './plan.ts';
import type { BuildOptions, BuildPlan, Unit } from './plan.ts';
import { runCompiler } from './run-compiler.ts';
import { bounded } from './diagnostics.ts';
import { relabel, unlabel } from './roots.ts';
import { fileSha256, findToolchain } from './toolchain.ts';
import type { Toolchain } from './toolchain.ts';

export interface BuildRequest {
  /** One network, or several that share an image. */
  readonly package: NetworkPackage | readonly NetworkPackage[];
  readonly board: BoardSpec;
  readonly options?: BuildOptions;
  /** Folder of the cache; made if need be. */
  readonly cacheDir: string;
  readonly signal: AbortSignal;
  readonly onStep?: (step: BuildStep) => void;
  /** Default: hil's own firmware. */
  readonly firmwareDir?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** `detail`: the file compiled, the compiler found, ... */
export interface BuildStep {
  readonly name: 'compiler' | 'cached' | 'compile' | 'link' | 'done';
  readonly detail: string;
}

/** What is known of an image beside its bytes. */
interface ImageFacts {
  readonly buildId: string;
  readonly elfSha256: string;
  /** First line of the compiler's --version. */
  readonly compiler: string;
  /** Of the C files; folders are left out. */
  readonly flags: readonly string[];
  readonly memory: MemoryFigures;
  /** Of the networks' files, at most 16 kB. Untrusted text. */
  readonly warnings: string;
  readonly [more: string]: unknown;
}

export interface BuiltImage extends Image, Pick<ImageFacts, 'compiler' | 'flags' | 'memory' | 'warnings'> {
  /** True when nothing had to be built. */
  readonly cached: boolean;
  /** For resolvePc(). */
  readonly addr2line: string;
}

type Context = BuildRequest & { readonly env: NodeJS.ProcessEnv; readonly toolchain: Toolchain; readonly packages: readonly NetworkPackage[]; readonly cache: ImageCache<ImageFacts>; readonly temp: string };
const PLACEHOLDER_ID = '0'.repeat(32);
const WARNINGS_LIMIT = 16_000;

/**
 * The image of networks for a board, from the cache where all that shapes it is unchanged.
 * @throws HilError 'build' where the C does not compile or link; 'bench' where the compiler is missing or fails;
 *   'config' for a manifest or board that cannot be built; 'cancelled'
 */
export async function buildImage(request: BuildRequest): Promise<BuiltImage> {
  const env = request.env ?? process.env;
  const given = 'manifest' in request.package ? [request.package] : request.package;
  // The compiler names files by their real path; the roots must be the same, or links would show through in the image.
  const packages = await Promise.all(given.map(async ({ manifest, root }) => ({ manifest, root: await real(root) })));
  const toolchain = await findToolchain(request.board.toolchain, env, packages.some((each) => each.manifest.build.link === 'c++'));
  request.onStep?.({ name: 'compiler', detail: toolchain.version });
  const cache = new ImageCache<ImageFacts>(request.cacheDir);
  const temp = await real(await cache.makeTemp());
  const board = { ...request.board, root: await real(request.board.root) };
  const context: Context = { ...request, board, firmwareDir: await real(request.firmwareDir ?? firmwareDir), env, toolchain, packages, cache, temp };
  try {
    return await lookUpOrBuild(context);
  } finally {
    await cache.removeTemp(temp);
  }
}

const real = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));

async function lookUpOrBuild(context: Context): Promise<BuiltImage> {
  const { packages, board, cache, temp, toolchain } = context;
  const plan = await planBuild(packages, board, context.firmwareDir!, context.options ?? {}, temp);
  const table = networkTable(packages.map((each) => each.manifest));
  const keyNow = (): Promise<string> => sourceKey(plan, toolchain, packages, table);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const first = await keyNow();
    const known = await cache.dependencies(first);
    const final = known === null ? null : await dependencyKey(first, known.map((name) => unlabel(name, plan.roots)), plan.roots);
    const entry = final === null ? null : await cache.get(final);
    if (entry !== null) {
      context.onStep?.({ name: 'cached', detail: entry.facts.buildId });
      return toImage(context, entry, true);
    }
    const built = await build(context, plan, table, first);
    // A source that was changed while it was compiled would be kept under the key of what it was before.
    if ((await keyNow()) !== first) continue;
    const kept = await cache.put(built.final, built.elf, built.facts, temp);
    // By label: the same network may be generated into another folder next time.
    await cache.setDependencies(first, built.dependencies.map((file) => relabel(file, plan.roots)), temp);
    context.onStep?.({ name: 'done', detail: kept.facts.buildId });
    return toImage(context, kept, false);
  }
  throw new HilError('bench', 'build.sources-change', 'the sources changed during each of 3 builds', { hint: 'Wait until whatever writes them is done.' });
}

async function build(context: Context, plan: BuildPlan, table: string, first: string) {
  const { temp, board, packages, signal } = context;
  await writeFile(join(temp, TABLE_FILE), table);
  const stop = new AbortController();
  const inner = { ...context, signal: AbortSignal.any([signal, stop.signal]) };
  const queue = new PQueue({ concurrency: availableParallelism() });
  const results = await Promise.allSettled(plan.units.map((unit) => queue.add(async () => compile(inner, plan, unit, PLACEHOLDER_ID).catch((error: unknown) => {
    // A broken compiler breaks every file; a wrong file does not: all errors of all files are worth having.
    if (error instanceof HilError && error.kind === 'bench') stop.abort();
    throw error;
  }))));
  if (signal.aborted) throw new HilError('cancelled', 'build.cancelled', 'cancelled while building');
  throwFirst(results);
  const warnings = results.map((result, index) => (result.status === 'fulfilled' && plan.units[index]!.ofNetwork ? result.value : '')).join('');

  // The build id covers the libraries too, which only a link tells: link, take the id, and link again with it.
  let linked = await link(context, plan, 'trial.elf');
  const dependencies = await dependenciesOf(plan, linked.map, temp);
  const final = await dependencyKey(first, dependencies, plan.roots);
  if (final === null) throw new HilError('bench', 'build.dependency-gone', 'a header or library was removed during the build', { hint: 'Run it again.' });
  const buildId = final.slice(0, 32);
  const named = plan.units.filter((unit) => unit.usesBuildId);
  for (const unit of named) await compile(context, plan, unit, buildId);
  if (named.length > 0) linked = await link(context, plan, 'image.elf');

  const elf = parseElf(await readFile(linked.elf));
  checkArchitecture(elf, board.core, board.objectsAttribute?.readelfArch ?? null);
  const own = new Set(plan.units.filter((unit) => unit.ofNetwork).map((unit) => unit.object));
  const facts: ImageFacts = {
    buildId, elfSha256: await fileSha256(linked.elf), compiler: context.toolchain.version, warnings: bounded(warnings, WARNINGS_LIMIT),
    flags: (plan.units.find((unit) => unit.ofNetwork) ?? plan.units[0])!.args.filter((arg) => !/^-(I|ffile-prefix-map|frandom-seed|fcallgraph-info)/.test(arg)),
    memory: memoryFigures(elf, linked.map, (file) => own.has(file) || plan.prebuilt.some((each) => file === each || file.startsWith(`${each}(`)), await stackBounds(plan, packages)),
    networks: packages.map((each) => each.manifest.name),
  };
  return { elf: linked.elf, final, dependencies, facts };
}

/** Of every network by name. Objects and libraries that come ready have no call graph, so nothing is said of a network with such. */
async function stackBounds(plan: BuildPlan, packages: readonly NetworkPackage[]): Promise<Record<string, StackBound>> {
  const bounds: Record<string, StackBound> = {};
  const ofNetworks = plan.units.filter((unit) => unit.ofNetwork);
  const graphs = await Promise.all(ofNetworks.map((unit) => readFile(unit.object.replace(/o$/, 'ci'), 'utf8').catch(() => '')));
  for (const { manifest: { name, build } } of packages) {
    const ready = [...build.objects, ...build.libraries];
    bounds[name] = ready.length > 0 ? { bytes: null, why: `${ready[0]} comes without a call graph` } : stackBound(graphs.filter((text) => text !== ''), `${name}_invoke`);
  }
  return bounds;
}

/** Of several failures the one that says most: a broken compiler, then wrong sources in their order, all together. */
function throwFirst(results: readonly PromiseSettledResult<unknown>[]): void {
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (errors.length === 0) return;
  const wrong = errors.filter((error) => error instanceof HilError && error.kind === 'build') as HilError[];
  const other = errors.find((error) => !(error instanceof HilError) || error.kind === 'bench' || error.kind === 'config');
  const first = other ?? wrong[0] ?? errors[0];
  if (first !== wrong[0] || wrong.length < 2) throw first;
  const all = wrong.flatMap((error) => (error.facts['errors'] ?? []) as unknown[]).slice(0, 20);
  throw new HilError('build', 'build.compile', bounded(wrong.map((error) => error.message).join('\n')), { hint: wrong[0]!.hint!, facts: { ...wrong[0]!.facts, files: wrong.length, errors: all } });
}

async function compile(context: Context, plan: BuildPlan, unit: Unit, buildId: string): Promise<string> {
  context.onStep?.({ name: 'compile', detail: unit.label });
  const { toolchain, temp: cwd, env, signal } = context;
  const args = [...unit.args, ...(unit.usesBuildId ? [`-DHIL_BUILD_ID_HEX="${buildId}"`] : []), '-MD', '-MF', `${unit.object}.d`, '-c', unit.source, '-o', unit.object];
  return runCompiler({ toolchain, program: toolchain.gcc, args, what: unit.label, step: 'compile', cwd, roots: plan.roots, env, signal });
}

async function link(context: Context, plan: BuildPlan, name: string): Promise<{ elf: string; map: string }> {
  context.onStep?.({ name: 'link', detail: name });
  const { toolchain, temp: cwd, env, signal } = context;
  const elf = join(cwd, name);
  const args = [...plan.units.map((unit) => unit.object), ...plan.prebuilt, ...plan.linkArgs, `-Wl,-Map=${elf}.map`, '-o', elf];
  const program = plan.cxx ? toolchain.gxx : toolchain.gcc;
  await runCompiler({ toolchain, program, args, what: 'the image', step: 'link', cwd, roots: plan.roots, env, signal });
  return { elf, map: await readFile(`${elf}.map`, 'utf8') };
}

/** Files that were read and that the first key does not name: headers found by the compiler, libraries, start-up code. */
async function dependenciesOf(plan: BuildPlan, map: string, temp: string): Promise<string[]> {
  const headers = await Promise.all(plan.units.map(async (unit) => {
    const text = await readFile(`${unit.object}.d`, 'utf8');
    const list = text.replace(/\\\r?\n/g, ' ').slice(text.indexOf(': ') + 2);
    return [...list.matchAll(/(?:\\.|[^\s\\])+/g)].map((match) => match[0].replace(/\\(.)/g, '$1').replaceAll('$$', '$'));
  }));
  const files = [...headers.flat(), ...linkedFiles(map)].map((file) => resolve(temp, file));
  return [...new Set(files.filter((file) => !file.startsWith(temp)))].sort();
}

function toImage(context: Context, { elf, facts }: CacheEntry<ImageFacts>, cached: boolean): BuiltImage {
  const { compiler, flags, memory, warnings, buildId, elfSha256 } = facts;
  return { elf, sha256: elfSha256, buildId, files: {}, compiler, flags, memory, warnings, cached, addr2line: context.toolchain.addr2line };
}
