import type { BuiltImage } from '../build/index.ts';
import { HilError } from '../errors.ts';
import type { Device } from '../device/index.ts';
import type { CaseReport } from '../report/index.ts';
import type { NetworkPackage } from '../runtimes/index.ts';
import { forgetAttempt, newFacts, type CaseContext, type CaseFacts } from './case-context.ts';
import { caseReport } from './case-report.ts';
import { openCaseSession, type CaseSession } from './case-session.ts';
import { runDutCase } from './dut-case.ts';
import { compareOnDevice } from './compare-on-device.ts';
import { explain } from './explain-end.ts';
import { checkUsable, phaseOf } from './case-phase.ts';
import { planPreload, type PreloadedInputs } from './preload.ts';
import { recoverDevice, worthRetrying } from './retry.ts';
import { snapshot, statsSince } from './link-share.ts';

/** A case that is being run. */
interface Running {
  readonly context: CaseContext;
  readonly facts: CaseFacts;
  /** Time on its own, without what it shares with the others, in ms. */
  ownMs: number;
}

const MAX_LOG_LINES = 200;

/** Cases that one image has. */
interface Built { readonly cases: readonly Running[]; readonly image: BuiltImage }

/**
 * Cases on one device, from generation to the report of each; where there are several, they share one image and one session. In three
 * steps, so that images may be made while the device does something else: probe(), prepare() and run(), the first two in either order, each once.
 * None of them throws: what went wrong is in the reports.
 */
export class CaseGroup {
  readonly contexts: readonly CaseContext[];
  readonly #all: readonly Running[];
  readonly #built: Built[] = [];

  /**
   * @param contexts all of the same device, with different network names
   * @param built by an earlier attempt: images with their cases, which are not made again
   */
  constructor(contexts: readonly CaseContext[], built: readonly Built[] = []) {
    this.contexts = contexts;
    const kept = new Map(built.flatMap(({ cases }) => cases.map(({ context, facts: { pack, image, networksInImage } }) => [context, { pack, image, networksInImage }])));
    this.#all = contexts.map((context) => ({ context, facts: { ...newFacts(), ...kept.get(context) }, ownMs: 0 }));
    for (const { cases, image } of built) {
      const again = this.#all.filter(({ context }) => cases.some((one) => one.context === context));
      if (again.length > 0) this.#built.push({ cases: again, image });
    }
  }

  /** Those of its cases, in new groups that know nothing but the images of this one: one for those that have an image, one for those that have none. */
  again(chosen: ReadonlySet<CaseContext>, without: (context: CaseContext) => CaseContext): CaseGroup[] {
    const has = (context: CaseContext): boolean => this.#built.some(({ cases }) => cases.some((one) => one.context === context));
    const [made, unmade] = [this.contexts.filter((each) => chosen.has(each) && has(each)), this.contexts.filter((each) => chosen.has(each) && !has(each))];
    return [...(made.length === 0 ? [] : [new CaseGroup(made, this.#built)]), ...(unmade.length === 0 ? [] : [new CaseGroup(unmade.map(without))])];
  }

  /** All three steps. @returns as run() */
  async runAll(): Promise<CaseReport[]> {
    const made = this.#built.length > 0;
    if (await this.probe() && !made) await this.prepare();
    return this.run();
  }

  /** Whether the device can be used; where not, every case ends with what is missing. False too where there is nothing to run on it. */
  async probe(): Promise<boolean> {
    const live = this.#live();
    if (this.#dut || live.length === 0) return false;
    try {
      await checkUsable((live[0] as Running).context.device);
      return true;
    } catch (error) {
      for (const each of live) each.facts.ended = await explain(error, each.context, each.facts);
      return false;
    }
  }

  /** Generates and builds. */
  async prepare(): Promise<void> {
    if (this.#dut) return;
    const live = this.#live();
    try {
      const ready: Running[] = [];
      for (const each of live) if (await guarded(each, () => generate(each))) ready.push(each);
      if (ready.length > 0) this.#built.push(...await build(ready));
    } catch (error) {
      for (const each of live) each.facts.ended ??= await explain(error, each.context, each.facts);
    }
  }

  /** Runs what was prepared on the device. @returns the report of each case, in the order of the contexts */
  async run(): Promise<CaseReport[]> {
    if (this.#dut) {
      const reports: CaseReport[] = [];
      for (const context of this.contexts) reports.push(await runDutCase(context));
      return reports;
    }
    for (const { cases, image } of this.#built) {
      const live = cases.filter(({ facts }) => facts.ended === null);
      try {
        if (live.length > 0) await runOnDevice(live, image);
      } catch (error) {
        for (const each of live) each.facts.ended ??= await explain(error, each.context, each.facts);
      }
    }
    return this.#all.map(({ context, facts, ownMs }) => {
      const report = caseReport(context.plan, context.device.spec, facts, ownMs);
      // For another attempt the image is all that counts; a run has many groups.
      forgetAttempt(facts);
      return report;
    });
  }

  /** Stock firmware is not built: each case is one step, run(). */
  get #dut(): boolean {
    return this.contexts[0]?.device.spec.firmware === 'mlperf-tiny';
  }

  #live(): Running[] {
    return this.#all.filter(({ context, facts }) => context.plan.skipReason === null && facts.ended === null);
  }
}

/** Runs a step of one case alone; false where it failed, which is noted. */
async function guarded(one: Running, work: () => Promise<void>): Promise<boolean> {
  const started = performance.now();
  try {
    await work();
    return true;
  } catch (error) {
    one.facts.ended ??= await explain(error, one.context, one.facts);
    return false;
  } finally {
    one.ownMs += performance.now() - started;
  }
}

async function generate({ context, facts }: Running): Promise<void> {
  facts.pack = await phaseOf(context)('generate', () => context.bench.generate(context));
}

/** One image of all cases. Where it does not build, each is tried alone, so that one case's wrong C is not held against the others. */
async function build(cases: readonly Running[]): Promise<Built[]> {
  try {
    return [await buildOne(cases, false)];
  } catch (error) {
    if (cases.length === 1 || !(error instanceof HilError) || error.kind !== 'build') throw error;
    const [{ context }] = cases as [Running];
    context.onEvent({ kind: 'log', case: context.plan.name, device: context.device.spec.id, line: `the image of ${cases.length} networks does not build, so each is tried alone: ${error.message}` });
    const alone: Built[] = [];
    for (const each of cases) await guarded(each, async () => { alone.push(await buildOne([each], true)); });
    return alone;
  }
}

/** @param alone of several that were to share one */
async function buildOne(cases: readonly Running[], alone: boolean): Promise<Built> {
  const { context } = cases[0] as Running;
  const image = await context.bench.build(cases.map((one) => one.context), cases.map(({ facts }) => facts.pack as NetworkPackage));
  await context.keepImage(image, alone);
  for (const { facts } of cases) Object.assign(facts, { image, networksInImage: cases.length });
  return { cases, image };
}

/** The cases one after the other in one session; one that breaks it costs the next one a new start, and nothing else. */
async function runOnDevice(cases: readonly Running[], image: BuiltImage): Promise<void> {
  const { context } = cases[0] as Running;
  const { device, signal } = context;
  await context.bench.occupy(context, async (workDir) => {
    let session: CaseSession | null = null;
    try {
      const attempt = async (each: Running, preloaded: PreloadedInputs | null): Promise<boolean> => {
        const ran = await guarded(each, async () => {
          session = await inSession(each, image, session, workDir, preloaded);
        });
        // How it ended by itself has been asked by now: explain() comes before this.
        if (!ran) {
          // Of a network that the image lacks there are no facts of a session, and the one before is still open.
          await (each.facts.session ?? (session as CaseSession | null))?.close().catch(() => undefined);
          session = null;
        }
        return ran;
      };
      for (const [c, each] of cases.entries()) {
        // What is loaded beside the link is loaded at the start, for all cases that this session may see.
        const preloaded = session === null ? await planPreload(device, image.elf, cases.slice(c).flatMap((one) => one.context.plan.sequences)) : null;
        const ran = await attempt(each, preloaded);
        if (!ran && worthRetrying(each.facts.ended, device)) await repeat(each, device, signal, workDir, () => attempt(each, preloaded));
      }
    } finally {
      await (session as CaseSession | null)?.close().catch(() => undefined);
    }
  });
}

/** The one second attempt after a bench fault. */
async function repeat(one: Running, device: Device, signal: AbortSignal, workDir: string, attempt: () => Promise<boolean>): Promise<void> {
  const { context, facts } = one;
  const first = facts.ended as HilError;
  const recovered = await guarded(one, async () => {
    facts.ended = null;
    const note = await recoverDevice(device, first, { signal, workDir });
    context.onEvent({ kind: 'log', case: context.plan.name, device: device.spec.id, line: note });
    forgetAttempt(facts);
    facts.notes.push(note);
  });
  if (recovered) await attempt();
}

/** One case in the session that is open, or in a new one, which is returned. */
async function inSession({ context, facts }: Running, image: BuiltImage, open: CaseSession | null, workDir: string, preloaded: PreloadedInputs | null): Promise<CaseSession> {
  const { plan, device, signal } = context;
  const pack = facts.pack as NetworkPackage;
  const phase = phaseOf(context);
  const onLog = (line: string): void => {
    if (facts.log.length < MAX_LOG_LINES) facts.log.push(line);
    context.onEvent({ kind: 'log', case: plan.name, device: device.spec.id, line });
  };
  const session = facts.session = open === null
    ? await phase('start', () => openCaseSession({ device, image, manifest: pack.manifest, workDir, signal, onLog, preloaded, transcript: { record: context.onTranscript },
      onStep: (note) => context.onEvent({ kind: 'phase', case: plan.name, device: device.spec.id, phase: 'start', note }) }))
    : open.forNetwork(pack.manifest, onLog, { record: context.onTranscript });
  facts.notes.push(...session.notes);
  const before = open === null ? null : snapshot(session.link.stats);
  try {
    await compareOnDevice(context, facts, pack, session, phase);
  } finally {
    facts.link = statsSince(before, session.link.stats);
  }
  return session;
}
