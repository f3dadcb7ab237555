import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { CEILINGS } from '../limits.ts';
import { SkillError } from '../errors.ts';
import type { GuestProgram } from './guest-program.ts';
import { dataLimitKb } from './memory-ceiling.ts';
import { withOsLimits } from './os-limits.ts';

/** How many calls one guest process runs at once. */
export const MAX_WORKERS = 2;
const PAGES_PER_MIB = 16;
const require = createRequire(import.meta.url);

/** The compiled entry of the guest process; also right when this file itself runs from its source. */
const GUEST_MAIN = require.resolve('#guest-main');

/** Everything the guest process may read: its own code, and what says that this code is made of modules. */
function readablePaths(): string[] {
  const own = dirname(GUEST_MAIN);
  return [join(own, '*'), join(packageRoot(own), 'package.json')];
}

/** The nearest folder above a file that is a package. */
function packageRoot(from: string): string {
  for (let dir = dirname(from); ; dir = dirname(dir)) {
    try {
      require.resolve(join(dir, 'package.json'));
      return dir;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND' || dir === dirname(dir)) throw error;
    }
  }
}

/** What every guest process runs. */
export function guestProgram(): GuestProgram {
  // From Node 22 on, every worker may read its working directory, whatever the permissions say: at `/`, all there is.
  const program = { file: process.execPath, args: [...guestFlags(), GUEST_MAIN], cwd: dirname(GUEST_MAIN) };
  return withOsLimits(program, dataLimitKb(MAX_WORKERS));
}

/**
 * The Node flags of a guest process: the second belt. The wall is the process and its empty hands; these take away what
 * Node would still offer to code that broke out of WebAssembly.
 */
function guestFlags(): string[] {
  const major = Number(process.versions.node.split('.')[0]);
  return [
    major < 22 ? '--experimental-permission' : '--permission',
    '--allow-worker',
    ...readablePaths().map((path) => `--allow-fs-read=${path}`),
    '--disable-proto=delete',
    '--disallow-code-generation-from-strings',
    `--wasm-max-mem-pages=${CEILINGS.memory_mb.hard * PAGES_PER_MIB}`,
    // For `collectMemories`; no guest can reach it.
    '--expose-gc',
    '--no-warnings',
    '--no-deprecation',
    // QuickJS guests need extended constant expressions, which Node 20 has behind a flag.
    // And Node 22 to 26 let SQLite open any file, whatever the permissions say.
    major < 22 ? '--experimental-wasm-extended-const' : '--no-experimental-sqlite',
    // Metered code says which of its branches are hardly ever taken; the engine listens by default from Node 26 on.
    ...(major < 26 ? ['--experimental-wasm-branch-hinting'] : []),
  ];
}

/** @throws SkillError E_UNSUPPORTED where a guest process cannot be closed in. */
export function checkPlatform(): void {
  if (process.platform === 'linux' || process.platform === 'darwin') return;
  throw new SkillError('E_UNSUPPORTED', `running guests is not supported on ${process.platform}`, {
    hint: 'use Linux (or macOS, without file system capabilities); on Windows, WSL works',
  });
}
