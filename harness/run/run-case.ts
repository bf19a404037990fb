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

/**
 * Runs cases on one device, from generation to the report of each; where there are several, they share one image and one session.
 * Never throws: what went wrong is in the reports, in the order of the contexts.
 *
 * @param contexts all of the same device, with different network names
 */
export async function runCases(contexts: readonly CaseContext[]): Promise<CaseReport[]> {
  if (contexts[0]?.device.spec.firmware === 'mlperf-tiny') {
    const reports: CaseReport[] = [];
    for (const context of contexts) reports.push(await runDutCase(context));
    return reports;
  }
  const all = contexts.map((context): Running => ({ context, facts: newFacts(), ownMs: 0 }));
  const live = all.filter(({ context }) => context.plan.skipReason === null);
  if (live.length > 0) await perform(live);
  return all.map(({ context, facts, ownMs }) => {
    const report = caseReport(context.plan, context.device.spec, facts, ownMs);
    context.onEvent({ kind: 'case-done', case: report.name, device: report.device, verdict: report.verdict });
    return report;
  });
}

/** Ends every case with facts.ended unless it ran through. */
async function perform(cases: readonly Running[]): Promise<void> {
  try {
    await checkUsable((cases[0] as Running).context.device);
    const ready: Running[] = [];
    for (const each of cases) if (await guarded(each, () => generate(each))) ready.push(each);
    if (ready.length > 0) await buildAndRun(ready);
  } catch (error) {
    for (const each of cases) each.facts.ended ??= await explain(error, each.context, each.facts);
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
async function buildAndRun(cases: readonly Running[]): Promise<void> {
  let image: BuiltImage;
  try {
    image = await build(cases);
  } catch (error) {
    if (cases.length === 1 || !(error instanceof HilError) || error.kind !== 'build') throw error;
    const [{ context }] = cases as [Running];
    context.onEvent({ kind: 'log', case: context.plan.name, device: context.device.spec.id, line: `the image of ${cases.length} networks does not build, so each is tried alone: ${error.message}` });
    for (const each of cases) await guarded(each, () => buildAndRun([each]));
    return;
  }
  for (const { facts } of cases) Object.assign(facts, { image, networksInImage: cases.length });
  await runOnDevice(cases, image);
}

async function build(cases: readonly Running[]): Promise<BuiltImage> {
  const { context } = cases[0] as Running;
  const image = await phaseOf(context)('build', () => context.bench.build(cases.map((one) => one.context), cases.map(({ facts }) => facts.pack as NetworkPackage)));
  await context.keepImage(image);
  return image;
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
