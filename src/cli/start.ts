#!/usr/bin/env node
import type { Supervisor } from '../../host/index.ts';

const argv = process.argv.slice(2);
// A reader that closes the pipe early, such as head, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`error: standard output cannot be written: ${error.code}\n`);
  process.exit(1);
});
const supervisor = argv.includes('run') && !argv.includes('recipe') ? await prewarm() : undefined;
const { main } = await import('./main.ts');
process.exitCode = await main(argv, supervisor);

/**
 * The guest process takes longest to start: it does so while the command itself is loaded, and before that no more is loaded
 * than starts it. Should nothing be run, it ends with us. Other verbs do without.
 */
async function prewarm(): Promise<Supervisor> {
  const { Supervisor } = await import('../../host/supervisor/supervisor.ts');
  const started = new Supervisor({ keepSpare: false });
  started.prewarm();
  return started;
}
