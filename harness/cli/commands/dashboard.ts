import path from 'node:path';
import { hilHome } from '../../device/index.ts';
import { HilError } from '../../errors.ts';
import { buildSite, type BuiltSite } from '../../history/dashboard/build-site.ts';
import type { SiteRecipe } from '../../history/dashboard/serve/site-keeper.ts';
import { historyPlace } from '../../history/index.ts';
import { escapeTerminal } from '../../report/index.ts';
import { serveUntilStopped } from '../dashboard-server.ts';
import { historyFilter, type FilterOptions } from '../history-filter.ts';
import type { CommandAction, CommandContext } from '../program.ts';
import { quarantineList } from '../quarantine-list.ts';
import { withHistory } from '../the-history.ts';
import { wholeNumber } from '../whole-number.ts';

interface DashboardOptions extends FilterOptions {
  readonly out?: string;
  readonly serve?: boolean;
  readonly port?: string;
  readonly title?: string;
  readonly commitUrl?: string;
  readonly reportUrl?: string;
  readonly reportMb?: string;
}

const REPORT_MB = 64;
const TITLE = 'hil dashboard';

/** hil dashboard --out DIR writes the site; --serve shows it with what runs now. An empty history is an error (exit 2): a page without red must not come of nothing. */
export const dashboard: CommandAction<DashboardOptions> = async (_positional, options, context) => {
  if ((options.out === undefined) === (options.serve !== true)) {
    throw new HilError('config', 'cli.usage', options.serve === true ? 'hil dashboard: --out and --serve do not go together' : 'hil dashboard: --out DIR or --serve is missing',
      { hint: 'hil dashboard --out site writes the site into a folder; hil dashboard --serve shows it on this computer.' });
  }
  if (options.port !== undefined && options.serve !== true) throw new HilError('config', 'cli.usage', 'hil dashboard: --port goes with --serve only');
  const filter = historyFilter(options);
  const site: SiteRecipe['site'] = {
    title: options.title ?? TITLE, hilVersion: context.hilVersion, filters: filterWords(options), commitUrl: webPrefix('--commit-url', options.commitUrl), reportUrl: webPrefix('--report-url', options.reportUrl),
    mostReportBytes: (options.reportMb === undefined ? REPORT_MB : wholeNumber('--report-mb', options.reportMb, 0, 100_000)) * 1e6, quarantines: await quarantineList(new Date()),
  };
  if (options.serve === true) {
    const where = historyPlace(hilHome());
    return serveUntilStopped(where === null ? null : { where, filter, site }, options.port, context);
  }
  return write(options.out as string, filter, site, context);
};

async function write(out: string, filter: SiteRecipe['filter'], site: SiteRecipe['site'], { terminal, signal }: CommandContext): Promise<number> {
  const started = performance.now();
  const built = await withHistory((history) => buildSite(history, filter, { ...site, dir: out, now: new Date(), signal, progress: (text) => terminal.status(`dashboard: ${text}`) }));
  terminal.status('');
  const index = path.join(out, 'index.html');
  const seconds = (performance.now() - started) / 1000;
  terminal.result({ index, ...built, seconds: Number(seconds.toFixed(2)) });
  if (!terminal.quiet) for (const line of summary(built, seconds)) terminal.out(line);
  terminal.out(`Dashboard: ${escapeTerminal(index)}`);
  return 0;
}

function summary({ runs, cases, series, reports, reportsLeftOut, files, bytes }: BuiltSite, seconds: number): string[] {
  return [`${runs} runs, ${cases} cases, ${series} trends in ${files} files of ${(bytes / 1e6).toFixed(1)} MB, ${seconds.toFixed(1)} s`,
    ...(reports > 0 ? [`${reports} reports are in it`] : []), ...(reportsLeftOut > 0 ? [`${reportsLeftOut} more reports of runs that are no pass have no room: --report-mb gives more, --report-url says where they are`] : [])];
}

/** As they stand in the foot of the page: a site of a part of the history must say so. */
function filterWords(options: DashboardOptions): string[] {
  const names = ['run', 'commit', 'branch', 'pullRequest', 'suite', 'case', 'device', 'generator', 'model', 'verdict', 'bench', 'since', 'until'] as const;
  return names.flatMap((name) => (options[name] === undefined ? [] : [`--${name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)} ${options[name]}`]));
}

/** @throws HilError 'config' cli.url where it is no address of the web: it becomes a link */
function webPrefix(option: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  const url = URL.parse(text.replace(/[{}]/g, ''));
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') {
    throw new HilError('config', 'cli.url', `${option}: expected an address that starts with https:// or http:// and holds no password, got "${text}"`);
  }
  return text;
}
