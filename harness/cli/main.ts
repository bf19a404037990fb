import { enableCompileCache } from 'node:module';

// Stripping types and compiling costs more than most commands do; Node keeps the result beside its other caches.
enableCompileCache();

const { runCli } = await import('./program.ts');
process.exitCode = await runCli(process.argv.slice(2));
