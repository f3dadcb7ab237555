import { spawnSync } from 'node:child_process';
import { findProgram } from '../capability/find-program.ts';
import { systemRoot } from './system-root.ts';

/** A bubblewrap that works here. */
export interface Bubblewrap {
  readonly file: string;
  /** Options for namespaces of its own: no process, user, mount or host name of this machine, and no capability. */
  readonly namespaces: readonly string[];
  /** Whether it can mount what a descriptor holds. */
  readonly mountsDescriptors: boolean;
}

const NAMESPACES =
  '--unshare-user --unshare-ipc --unshare-pid --unshare-uts --unshare-cgroup-try --cap-drop ALL --die-with-parent --new-session'.split(
    ' ',
  );
/** Inside, no further namespaces: they open much of the kernel to whoever has them. Not known to every version. */
const NO_MORE = '--disable-userns';
const PROBE_MS = 10_000;

const probed = new Map<string, Bubblewrap | undefined>();

/** The bubblewrap of this machine, tried once for each `PATH` of this process; undefined where none works. */
export function findBubblewrap(path = process.env['PATH'] ?? ''): Bubblewrap | undefined {
  if (!probed.has(path)) probed.set(path, probe(path));
  return probed.get(path);
}

function probe(path: string): Bubblewrap | undefined {
  if (process.platform !== 'linux') return undefined;
  const file = findProgram('bwrap', path);
  if (file === undefined) return undefined;
  const help = ask(file, ['--help']) ?? '';
  const mountsDescriptors = help.includes('--ro-bind-fd');
  // What is started in it has to be there, and bubblewrap is.
  const itself = ['--ro-bind', file, '/tmp/bwrap', '--', '/tmp/bwrap', '--version'];
  const most = ['--unshare-net', ...systemRoot(false).options, '--proc', '/proc', '--dev', '/dev', ...itself];
  const sets = help.includes(NO_MORE) ? [[...NAMESPACES, NO_MORE], NAMESPACES] : [NAMESPACES];
  const namespaces = sets.find((tried) => ask(file, [...tried, ...most]) !== undefined);
  return namespaces === undefined ? undefined : { file, namespaces, mountsDescriptors };
}

function ask(file: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(file, args, { env: {}, cwd: '/', timeout: PROBE_MS, encoding: 'utf8' });
  return status === 0 ? stdout : undefined;
}
