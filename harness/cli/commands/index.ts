import { Option } from 'commander';
import type { CommandDeclaration } from '../program.ts';
import { overTime } from './over-time.ts';

/** Appends, so that an option may be repeated and may hold a comma list. */
const collect = (value: string, before: readonly string[] | undefined): string[] => [...(before ?? []), ...value.split(',').filter((part) => part !== '')];
const append = (value: string, before: readonly string[] | undefined): string[] => [...(before ?? []), value];

const device = (): Option => new Option('--device <ids>', 'where to run: ids and selectors (KEY=VALUE, KEY!=VALUE, joined by &) in a comma list; may be repeated (default: qemu-m55). Of what a selector finds, devices that come with hil and are not here are left out').argParser(collect);
const input = (): Option => new Option('--input <file>', '.npy, .npz or .csv of shape [samples, ...tensor shape]; for several inputs repeat it as NAME=FILE').argParser(append);

const optimise = (): Option => new Option('--optimise <level>', 'optimisation level of the compiler: 0, 1, 2, 3, s, ... (default: 2)');

const benchRetries = (): Option => new Option('--bench-retries <n>', 'repeat a case that ends in a bench error up to so many times; wrong code is never repeated (default: 0)');
const retryWait = (): Option => new Option('--retry-wait-ms <ms>', 'how long to wait before that (default: 5000)');
const priority = (): Option => new Option('--priority <level>', 'who goes first where runs on this computer wait for the same devices or its cores').choices(['interactive', 'pull-request', 'nightly']);
const jobs = (): Option => new Option('--jobs <n>', 'emulated devices and builds at a time on this computer (default: HIL_JOBS, else its cores)');

/** Every command of hil, in the order of the help. A command's code is loaded when it runs, so that hil starts fast. */
export const commands: readonly CommandDeclaration[] = [
  {
    name: 'run',
    summary: 'run a suite on one or more devices and compare it with the reference, layer by layer',
    declare: (command) => command
      .argument('<suite>', 'folder with a suite.json, or the file')
      .addOption(device())
      .option('--case <glob>', 'only the cases whose name matches (* and ?)')
      .option('--sample <n>', 'only n of the cases, chosen by --seed')
      .option('--seed <text>', 'which cases --sample chooses (default: 1)')
      .addOption(optimise())
      .option('--c <dir>', 'take the generated C (with its network.json) from this folder instead of generating it')
      .option('--out <dir>', 'where to write the report (default: reports/<suite>/<run id>)')
      .option('--mlperf <dir>', 'also measure and write the results in the layout of MLPerf Tiny submissions into this folder: on boards five windows of 10 s a case (docs/mlperf-tiny.md)')
      .option('--mlperf-as <division/organisation>', 'whose results they are, e.g. closed/acme (default: HIL_MLPERF_AS, else open/unnamed)')
      .addOption(benchRetries()).addOption(retryWait()).addOption(priority()).addOption(jobs()),
    examples: ['hil run suites/engine-rom --device qemu-m55', 'hil run suites/engine-rom --device host,qemu-m4,qemu-m0', "hil run suites/engine-rom --device 'core=cortex-m55'", "hil run suites/engine-rom --device 'kind=qemu&core!=cortex-m0,my-board'", 'hil run suites/mlperf-tiny --device my-board --mlperf results --mlperf-as closed/acme', 'hil run suites/engine-rom --json > report.json'],
    load: async () => (await import('./run.ts')).run as never,
  },
  {
    name: 'check',
    summary: 'check one model on a device; no suite needed',
    declare: (command) => command
      .argument('<model>', 'a .tflite file')
      .addOption(device())
      .addOption(input())
      .option('--samples <n>', 'number of seeded random samples where there is no --input (default: 16)')
      .option('--seed <n>', 'seed of the random samples (default: 1)')
      .option('--reset-each', 'reset the state before each sample')
      .option('--profile <name>', 'rounding profile that the device must follow (default: tflm)')
      .addOption(optimise())
      .option('--c <dir>', 'take the generated C (with its network.json) from this folder instead of generating it')
      .option('--out <dir>', 'where to write the report (default: reports/<model>/<run id>)')
      .addOption(benchRetries()).addOption(retryWait()).addOption(priority()).addOption(jobs()),
    examples: ['hil check model.tflite', 'hil check model.tflite --device host --input samples.npy', 'hil check model.tflite --c my-firmware/network'],
    load: async () => (await import('./check.ts')).check as never,
  },
  {
    name: 'report',
    summary: "write a run's report.html, summary.md, junit.xml and report.tap again from its report.json",
    declare: (command) => command
      .argument('<run>', 'folder of a run, or its report.json')
      .option('--out <dir>', 'where to write them (default: beside report.json)')
      .option('--github', 'also print annotations for GitHub Actions, on the lines of the suite file, and add the summary to the job')
      .addHelpText('after', '\nExit codes: 0 written, whatever the verdict of the run; 2 that is no report; 4 it cannot be written.'),
    examples: ['hil report reports/engine-rom/20261121T101530Z-3f2a', 'hil report artifact/report.json --out rendered', 'hil report artifact --verbose   # all of the diagnosis on the terminal'],
    load: async () => (await import('./report.ts')).report as never,
  },
  {
    name: 'reference',
    summary: 'compute every tensor of a model on the host, bit-exact, as .npy files',
    declare: (command) => command
      .argument('<model>', 'a .tflite file')
      .addOption(input())
      .requiredOption('--out <dir>', 'folder for the .npy files and index.json')
      .option('--profile <name>', 'rounding profile (default: tflm)')
      .option('--reset-each', 'reset the state before each sample'),
    examples: ['hil reference model.tflite --input samples.npy --out tensors', 'hil reference model.tflite --input a=a.npy --input b=b.npy --out tensors --profile tflm-2026-08'],
    load: async () => (await import('./reference.ts')).reference as never,
  },
  {
    name: 'generate',
    summary: 'write the C for a model, ready to add to a firmware',
    declare: (command) => command
      .argument('<model>', 'a .tflite file')
      .requiredOption('--out <dir>', 'folder for the C and network.json')
      .option('--core <core>', 'core it is for, e.g. cortex-m55: its kernels and layout of weights (default: portable C)')
      .option('--name <name>', 'C prefix (default: from the file name)'),
    examples: ['hil generate model.tflite --out network', 'hil generate model.tflite --out network --core cortex-m55 --name torque'],
    load: async () => (await import('./generate.ts')).generate as never,
  },
  {
    name: 'inspect',
    summary: 'show a model: layers, shapes, MACs, bytes, arena plan, what is not supported',
    declare: (command) => command.argument('<model>', 'a .tflite file'),
    examples: ['hil inspect model.tflite', 'hil inspect model.tflite --json'],
    load: async () => (await import('./inspect.ts')).inspect as never,
  },
  {
    name: 'diff',
    summary: 'compare two dumps, two runs or two models, layer by layer: what differs, where it starts, and why',
    declare: (command) => command
      .argument('<a>', 'what is right: a dump (folder of hil reference; golden case CASE.json#ORACLE, or a folder of them FOLDER#ORACLE), a run (folder with report.json) or a .tflite')
      .argument('<b>', 'what is in question, of the same kind; dumps of either kind go together')
      .option('--model <file>', 'the .tflite of two dumps, for own error and causes (default: found beside the dumps by its SHA-256)')
      .option('--profile <name>', 'the rule that A follows (default: what its index.json says; of a golden case the profile with the name of its oracle)')
      .option('--oracle-a <name>', 'oracle of A where it is a golden case without #ORACLE')
      .option('--oracle-b <name>', 'oracle of B, likewise')
      .addHelpText('after', '\nA layer of B has own error where it is not what the rule of A makes of the inputs that B had; what only came in is inherited.\nOf two runs, latency makes a difference only where it is modelled (instructions): what a clock measured differs from run to run, and is shown.\nExit codes: 0 equal, 1 different, 2 what cannot be compared (nothing in common counts as that).'),
    examples: ['hil diff expected/ measured/ --model model.tflite', "hil diff 'goldens/kws_ref_model/random-1.json#tflm' 'goldens/kws_ref_model/random-1.json#litert-xnnpack'", "hil diff 'goldens/kws_ref_model#tflm' 'goldens/kws_ref_model#litert-xnnpack'   # all cases of the folder", 'hil diff case.json case.json --oracle-a tflm --oracle-b litert-ref --json', 'hil diff reports/before reports/after', 'hil diff before.tflite after.tflite'],
    load: async () => (await import('./diff.ts')).diff as never,
  },
  {
    name: 'models',
    summary: 'fetch the models that a suite names by URL, checked by their SHA-256',
    declare: (command) => command
      .argument('<suites...>', 'folders with a suite.json, or the files')
      .addOption(new Option('--from <folder>', 'take models from this folder where they are there, under any name; may be repeated').argParser(append)),
    examples: ['hil models suites/mlperf-tiny', 'hil models suites/mlperf-tiny --from ~/models'],
    load: async () => (await import('./models.ts')).models as never,
  },
  {
    name: 'shrink',
    summary: 'cut a failing case of a run down to one layer, one sample and the smallest input, as a suite that runs alone',
    declare: (command) => command
      .argument('<run>', 'folder of a run in which a case fails')
      .requiredOption('--out <dir>', 'folder for the suite; nothing is written elsewhere')
      .option('--case <name>', 'which failing case (default: the first)')
      .option('--device <id>', 'the failing case of this device (default: the first)')
      .option('--seconds <n>', 'time for making the input smaller (default: 60)')
      .option('--force', 'replace the suite that is in the folder')
      .addHelpText('after', '\nThe device of the run is needed. Exit codes: 0 shrunk, and the suite was seen to fail alone, 1 it does not fail any more, 2 nothing fails in the run or the folder is not empty, 3 it does not build, 4 the bench fails, 130 interrupted (the best so far is written, where there was one).'),
    examples: ['hil shrink reports/engine-rom/20261121T101530Z-3f2a --out repro && hil run repro --device qemu-m55', 'hil shrink out --case torque --device qemu-m4 --out repro --seconds 300'],
    load: async () => (await import('./shrink.ts')).shrink as never,
  },
  {
    name: 'replay',
    summary: 'run a recorded run again, without its device or on one, and see whether it comes to the same',
    declare: (command) => command
      .argument('<run>', 'folder of a run (report.json, transcript.ndjson, record/, images/), or a file of hil bundle')
      .option('--out <dir>', 'keep the replayed report here (default: nowhere)')
      .option('--device <id>', 'run the kept images again on this device, instead of playing back what the recorded one answered')
      .option('--case <name>', 'with --device: only this case, a name or a glob')
      .addHelpText('after', '\nPrints "identical", or what differs. Times are those of the record. Exit codes: 0 identical, 1 the report differs, 2 the record is damaged or incomplete, 4 hil now asks the device for other things.\nWith --device the device must have the core and board of the recorded one; a generator or compiler is not needed. Exit codes: 0 it comes to the same, 1 to something else, 2 the record cannot be used, 4 the bench fails.'),
    examples: ['hil replay reports/engine-rom/20261121T101530Z-3f2a', 'hil replay out --json', 'hil replay red.zip', 'hil replay red.zip --device qemu-m4   # the kept image again', 'hil replay out --out replayed   # then compare replayed/report.html'],
    load: async () => (await import('./replay.ts')).replay as never,
  },
  {
    name: 'devices',
    summary: 'what is here and in which state, what is missing and how to get it; and what to do about one of them',
    declare: (command) => command
      .argument('[action]', 'list, show, doctor, quarantine or release', 'list')
      .argument('[id]', 'a device id; doctor runs (on a board: flashes) an image of its own there, and without an id looks at all of them, starting none')
      .option('--reason <text>', 'for quarantine: what is wrong with it; skipped cases show this')
      .option('--until <day>', 'for quarantine: its last day, YYYY-MM-DD'),
    examples: ['hil devices', 'hil devices show qemu-m55', 'hil devices doctor qemu-m55   # step by step, to the last byte',
      "hil devices quarantine my-board --reason 'flaky cable' --until 2027-01-31", 'hil devices release my-board'],
    load: async () => (await import('./devices.ts')).devices as never,
  },
  {
    name: 'setup',
    summary: 'install the compiler and QEMU where that can be done, else say exactly what to install',
    declare: (command) => command,
    examples: ['hil setup', 'HIL_NO_SETUP=1 hil setup   # only say what is missing'],
    load: async () => (await import('./setup.ts')).setup as never,
  },
  ...overTime,
];
