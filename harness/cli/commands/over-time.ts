import { Option, type Command } from 'commander';
import type { CommandDeclaration } from '../program.ts';

/** Options of everything that reads the history. */
function filters(command: Command): Command {
  return command
    .option('--run <run>', 'a run: its id, or its key or the first 8 digits of it')
    .option('--commit <id>', 'commit id, or the first 4 digits or more')
    .option('--branch <name>', 'branch')
    .option('--pull-request <n>', 'number of the pull request')
    .option('--suite <glob>', 'suite (* and ?)')
    .option('--case <glob>', 'case (* and ?)')
    .option('--device <glob>', 'device (* and ?)')
    .option('--generator <name>', 'generator, by name or by "name version"')
    .option('--model <sha256>', 'SHA-256 of the model, or its first digits')
    .addOption(new Option('--verdict <verdict>', 'verdict of the case').choices(['pass', 'fail', 'build-error', 'bench-error', 'skipped', 'interrupted']))
    .option('--bench <name>', 'computer that the devices hang on')
    .option('--since <when>', 'not before: a day (2026-11-21), a time (ISO 8601), or so long ago (30d, 12h)')
    .option('--until <when>', 'before: as --since');
}

const place = '\nThe history is the file that HIL_HISTORY names, or the server (postgres://user@host/database); default: history.sqlite in HIL_HOME (~/.hil).';

/** Commands for what lasts beyond one run. */
export const overTime: readonly CommandDeclaration[] = [
  {
    name: 'history list', isDefault: true,
    summary: 'the runs that are kept, newest first',
    declare: (command) => filters(command).option('--limit <n>', 'the newest so many (default: 50; with --json all)').addHelpText('after', place),
    examples: ['hil history', 'hil history --suite engine-rom --device qemu-m55 --since 30d', 'hil history --commit 1a2b3c4 --json', 'hil history --verdict bench-error --since 7d'],
    load: async () => (await import('./history/list.ts')).list as never,
  },
  {
    name: 'history show',
    summary: 'one run of the history: its cases and figures; or its report',
    declare: (command) => command.argument('<run>', 'id of the run, or its key').option('--report <dir>', 'write report.json and report.html of it into this folder').addHelpText('after', place),
    examples: ['hil history show 20261121T101530Z-3f2a', 'hil history show 3f2a9c01 --report was-red'],
    load: async () => (await import('./history/show.ts')).show as never,
  },
  {
    name: 'history regressions',
    summary: 'figures that have become worse, since which commit, and how sure that is',
    declare: (command) => filters(command)
      .option('--metric <name>', 'only this figure, e.g. latency, flash, stack, energy')
      .option('--all', 'also what was accepted, undone or became better')
      .addHelpText('after', `\nExit codes: 0 nothing is worse, 1 something is, 2 usage, 4 only the bench changed, or the history cannot be read or has too little to judge.${place}`),
    examples: ['hil history regressions --suite engine-rom', 'hil history regressions --device my-board --metric latency --json', 'hil history regressions --all --since 90d'],
    load: async () => (await import('./history/regressions.ts')).regressions as never,
  },
  {
    name: 'history accept',
    summary: 'take what figures are now as what is expected, with the reason',
    declare: (command) => filters(command)
      .option('--metric <name>', 'only this figure')
      .requiredOption('--reason <text>', 'why it is right that they have become worse')
      .addHelpText('after', place),
    examples: ["hil history accept --suite engine-rom --case torque --device qemu-m55 --metric latency --reason 'wider input window, #123'"],
    load: async () => (await import('./history/accept.ts')).accept as never,
  },
  {
    name: 'history export',
    summary: 'write the history to files: NDJSON (all of it, to be imported), CSV or Parquet (the figures)',
    declare: (command) => filters(command)
      .requiredOption('--out <file>', '.ndjson, .ndjson.gz, .csv or .parquet; - for NDJSON on standard output')
      .option('--table <name>', 'of CSV and Parquet: points, runs, cases or layers (default: points)')
      .addHelpText('after', place),
    examples: ['hil history export --out history.ndjson.gz', 'hil history export --since 90d --out figures.parquet', 'hil history export --suite engine-rom --table layers --out layers.csv'],
    load: async () => (await import('./history/export.ts')).exportHistory as never,
  },
  {
    name: 'history import',
    summary: 'merge what other computers exported, or folders of runs; what is there already is not doubled',
    declare: (command) => command.argument('<files...>', '.ndjson, .ndjson.gz, report.json, or folders of runs').addHelpText('after', place),
    examples: ['hil history import bench-7.ndjson.gz bench-8.ndjson.gz', 'hil history import artifacts/'],
    load: async () => (await import('./history/import.ts')).importHistory as never,
  },
  {
    name: 'history prune',
    summary: 'delete old runs from the history; those that an accepted baseline points at stay',
    declare: (command) => command
      .requiredOption('--before <when>', 'runs that began before: a day (2026-11-21), a time (ISO 8601), or so long ago (365d)')
      .option('--dry-run', 'only say how many')
      .addHelpText('after', `\nFolders of runs are left as they are.${place}`),
    examples: ['hil history prune --before 365d --dry-run', 'hil history export --until 365d --out old.ndjson.gz && hil history prune --before 365d'],
    load: async () => (await import('./history/prune.ts')).prune as never,
  },
  {
    name: 'history bisect',
    summary: 'find the first run or commit at which a case went wrong, by running kept images again or building commits',
    declare: (command) => command
      .requiredOption('--case <name>', 'the case')
      .requiredOption('--device <id>', 'where to run it')
      .option('--suite <name>', 'suite of the case, where several have one of this name; with --build the folder of the suite')
      .option('--good <run|commit>', 'run (or commit) that was good (default: the last one in the history before it went wrong)')
      .option('--bad <run|commit>', 'run (or commit) that is bad (default: the newest)')
      .option('--metric <name>', 'what went wrong is this figure (default: the verdict)')
      .option('--worse-than <value>', 'of --metric: bad is what is worse than this (default: half way between good and bad)')
      .addOption(new Option('--runs <dir>', 'look for kept runs and bundles here too; may be repeated').argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]))
      .option('--build', 'check out and build the commits between instead of running kept images; needs --suite and --good')
      .option('--out <dir>', 'keep the report of every try here, one folder each (default: nowhere)')
      .addHelpText('after', `\nNothing of it lands in the history. --build works in a checkout of its own (git worktree), along first parents; what does not build is skipped.
Exit codes: 0 found, 1 good is bad or bad is good on being run again (then the bench has changed, not the code), 2 usage or nothing to try, 3 nothing between builds, 4 the bench fails.${place}`),
    examples: ['hil history bisect --case torque --device qemu-m55', 'hil history bisect --case torque --device my-board --metric latency --good 20261101T011700Z-1c2d', 'hil history bisect --case torque --device qemu-m55 --suite suites/engine-rom --build --good v1.2 --bad HEAD'],
    load: async () => (await import('./history/bisect.ts')).bisect as never,
  },
  {
    name: 'compare',
    summary: 'what became better or worse between two runs or commits, as a table or as the text of a pull-request comment',
    declare: (command) => command
      .argument('<base>', 'folder of runs; or a run, a commit or branch:NAME (its newest runs) of the history; of the base')
      .argument('<head>', 'the same, of the change')
      .option('--markdown <file>', 'write it as Markdown, for a pull-request comment; - for standard output')
      .addHelpText('after', '\nOnly like is compared with like (device, clock, compiler, flags, quality).\nA figure that the base has and the head has not is worse; a noisy one only where the difference is more than the history has seen it differ by itself.\nExit codes: 0 nothing is worse, 1 something is, 2 usage, 4 nothing is known to be worse, but the bench failed in the head or nothing can be compared.'),
    examples: ['hil compare reports/before reports/after', 'hil compare branch:main out --markdown comment.md', 'hil compare 1a2b3c4 5d6e7f8 --json'],
    load: async () => (await import('./compare.ts')).compare as never,
  },
  {
    name: 'dashboard',
    summary: 'write the history as a web site of static files, or serve it with the progress of what runs now',
    declare: (command) => filters(command)
      .option('--out <dir>', 'folder for the site (index.html); works from a file system and from GitHub Pages')
      .option('--serve', 'serve it on this computer, with live progress of running jobs')
      .option('--port <n>', 'port of --serve (default: a free one)')
      .option('--title <text>', 'title of the site')
      .option('--commit-url <prefix>', 'where commits are shown, e.g. https://github.com/me/it/commit/')
      .option('--report-url <prefix>', 'where reports are: {run}, {suite} and {key} in it are filled in, without them <run>/report.html is added (default: reports are written into the site)')
      .option('--report-mb <n>', 'room for the reports in the site, MB (default: 64): the newest of each suite on each device, then all that are no pass, the newest first')
      .addHelpText('after', `\nThe folder must be new, empty or a dashboard that hil wrote; the old site stays until the new one is whole.\nExit codes: 0 written, whatever the verdicts; 2 usage, or no run to show; 4 it cannot be written, or the history not be read.${place}`),
    examples: ['hil dashboard --out site', 'hil dashboard --out site --since 180d --commit-url https://github.com/me/it/commit/', 'hil dashboard --serve --port 8080'],
    load: async () => (await import('./dashboard.ts')).dashboard as never,
  },
  {
    name: 'verdict',
    summary: 'one verdict of all jobs of a pipeline (success, failure or neutral), to be posted as a GitHub check',
    declare: (command) => command
      .argument('[runs...]', 'folders of runs, or folders of such folders (downloaded artifacts)')
      .addOption(new Option('--expect <ids>', 'devices that must have reported, in a comma list; may be repeated').argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), ...value.split(',').filter((part) => part !== '')]))
      .option('--post', 'post it through the Checks API (GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_API_URL)')
      .addOption(new Option('--inconclusive <conclusion>', 'what it is where the code is shown neither wrong nor right (default: neutral, which passes a required check; the others do not)').choices(['neutral', 'action_required', 'failure']))
      .option('--allow-subset', 'a run of some of the cases (--case, --sample) counts as one of the suite')
      .option('--out <file>', 'write the outcomes as JSON, for a job that may post them')
      .option('--from <file>', 'judge what --out wrote in a job that the pull request may have changed, for --sha; nothing of it is believed but the outcomes')
      .option('--job-conclusion <conclusion>', 'with --from: what GitHub says of that job; it is no success unless this is')
      .option('--sha <commit>', 'commit that the check is for (default: the commit of the runs)')
      .option('--name <name>', 'name of the check (default: hil verdict)')
      .option('--details-url <url>', 'where the check leads')
      .addHelpText('after', '\nsuccess: every case of every expected device passes; failure: code under test fails or does not build; neutral: a bench failed or did not report, nothing was compared, or it was interrupted.\nExit codes: 0 told (and posted), whatever the verdict; 2 usage or nothing to read; 4 it could not be posted.'),
    examples: ['hil verdict artifacts --expect qemu-m55,my-board --post', 'hil verdict artifacts --out check.json', 'hil verdict --from check.json --sha "$HEAD_SHA" --job-conclusion success --post'],
    load: async () => (await import('./verdict.ts')).verdict as never,
  },
  {
    name: 'bundle',
    summary: 'put all of a red case into one file (image, inputs, transcript, report, versions) that hil replay opens anywhere',
    declare: (command) => command
      .argument('<run>', 'folder of a run')
      .requiredOption('--out <file>', 'the file (.zip)')
      .option('--case <name>', 'which case, a name or a glob (default: all that are no pass; else all)')
      .option('--device <id>', 'of which device')
      .option('--force', 'replace the file')
      .addHelpText('after', '\nThe bundle is replayed before it is written. The model, its inputs and names of this computer are in it.\nExit codes: 0 written, and it replays, 1 written, but this hil does not come to what was recorded, 2 no run or no such case, 4 the disk.'),
    examples: ['hil bundle reports/engine-rom/20261121T101530Z-3f2a --out red.zip', 'hil bundle out --case torque --device qemu-m4 --out torque.zip && hil replay torque.zip', 'hil replay torque.zip --device qemu-m4   # the kept image, on a device that is here'],
    load: async () => (await import('./bundle.ts')).bundle as never,
  },
];
