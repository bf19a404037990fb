import { enableCompileCache } from 'node:module';
import { watchOutput } from './output.ts';

// Stripping types and compiling costs more than most commands do; Node keeps the result beside its other caches.
enableCompileCache();

const outcome = watchOutput();
const { runCli } = await import('./program.ts');
process.exitCode = outcome(await runCli(process.argv.slice(2)));
