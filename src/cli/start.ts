#!/usr/bin/env node
import type { Sandbox } from '../../host/index.ts';

const argv = process.argv.slice(2);
// A reader that closes the pipe early, such as head, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`error: standard output cannot be written: ${error.code}\n`);
  process.exit(1);
});
const [sandbox, { main }] = await Promise.all([
  argv.includes('run') && !argv.includes('recipe') ? prewarm() : undefined,
  import('./main.ts'),
]);
process.exitCode = await main(argv, sandbox);

/**
 * The guest process takes longest to start: it does so while the command itself is still being loaded. Should nothing be run,
 * it ends with us. Other verbs do without the code that starts one.
 */
async function prewarm(): Promise<Sandbox> {
  const { Sandbox } = await import('../../host/index.ts');
  const started = new Sandbox({ keepSpare: false });
  started.prewarm();
  return started;
}
