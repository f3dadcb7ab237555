#!/usr/bin/env node
import { Sandbox } from '../../host/index.ts';

const argv = process.argv.slice(2);
let sandbox: Sandbox | undefined;
if (argv.includes('run') && !argv.includes('recipe')) {
  // The guest process takes longest to start: it does so while the command itself is still being loaded. Should nothing
  // be run, it ends with us.
  sandbox = new Sandbox({ keepSpare: false });
  sandbox.prewarm();
}
// A reader that closes the pipe early, such as head, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
const { main } = await import('./main.ts');
process.exitCode = await main(argv, sandbox);
