import { createRequire } from 'node:module';

// cspell:ignore pdeathsig userns

/** What makes namespaces here, of util-linux. */
export interface Tools {
  readonly setpriv: string;
  readonly unshare: string;
}

export const SHELL = '/bin/sh';
const DIES_WITH_PARENT = '--pdeathsig KILL --'.split(' ');
/** The capabilities are for making mounts; the launcher gives them up. */
const NAMESPACES = '--user --map-current-user --keep-caps --mount --pid --ipc --uts --fork --kill-child=SIGKILL'.split(
  ' ',
);
const NO_NETWORK = '--net';

/**
 * The first process of its namespace, which waits for all others and ends with the one it started. The kernel keeps signals
 * from a first process that it does not expect, so no program is to be one. What shells say of a program that was killed is
 * not what that program said.
 */
const FIRST_PROCESS = 'exec 9>&2 2>/dev/null; (exec "$@" 2>&9 9>&-); exit $?';

const require = createRequire(import.meta.url);

/** A command that runs the launcher in namespaces of its own. It dies with this process, and all of the namespaces with it. */
export function inNamespaces(
  { setpriv, unshare }: Tools,
  { hasNetwork }: { readonly hasNetwork: boolean },
): { readonly file: string; readonly argv0: string; readonly args: readonly string[] } {
  const namespaces = hasNetwork ? NAMESPACES : [...NAMESPACES, NO_NETWORK];
  const launcher = [process.execPath, require.resolve('#landlock-launcher')];
  const first = [SHELL, '-c', FIRST_PROCESS, 'sh', ...launcher];
  return { file: setpriv, argv0: 'setpriv', args: [...DIES_WITH_PARENT, unshare, ...namespaces, '--', ...first] };
}
