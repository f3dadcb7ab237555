import { literalAddress } from '../../host/index.ts';
import type { Remote } from './remote.ts';

/** Everything git reads besides its arguments. */
export interface GitSettings {
  /** `-c` options. */
  readonly options: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** Nothing that a repository or the user set up runs, and nothing else than the remote is asked. */
const CONFIG = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.symlinks': 'false',
  'core.protectHFS': 'true',
  'core.protectNTFS': 'true',
  // Larger ones are not taken into memory whole; with GIT_ALLOC_LIMIT it bounds what one object can make git hold.
  'core.bigFileThreshold': '64m',
  'credential.helper': '',
  'credential.interactive': 'false',
  'fetch.recurseSubmodules': 'false',
  'fetch.uriProtocols': '',
  'fetch.writeCommitGraph': 'false',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'http.followRedirects': 'false',
  'http.lowSpeedLimit': '1000',
  'http.lowSpeedTime': '30',
  'http.proxy': '',
  'http.sslVerify': 'true',
  'pack.threads': '2',
  'protocol.version': '2',
  'submodule.recurse': 'false',
  'transfer.bundleURI': 'false',
  'transfer.fsckObjects': 'true',
  // Packs are kept as they are: one file, whatever the number of objects.
  'fetch.unpackLimit': '1',
} as const;

/** @param outer the environment of this process, of which only what is named here is passed on */
export function settingsFor(
  remote: Remote,
  {
    addresses,
    home,
    outer,
  }: {
    readonly addresses: readonly string[];
    readonly home: string;
    readonly outer: Readonly<Record<string, string | undefined>>;
  },
): GitSettings {
  const config = { ...CONFIG, 'http.curloptResolve': resolveOption(remote, addresses) };
  return {
    options: Object.entries(config).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    env: {
      PATH: outer['PATH'] ?? '',
      HOME: home,
      LC_ALL: 'C',
      GIT_ALLOC_LIMIT: '256m',
      GIT_ALLOW_PROTOCOL: remote.transport,
      GIT_ASKPASS: '',
      GIT_ATTR_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_NO_LAZY_FETCH: '1',
      GIT_NO_REPLACE_OBJECTS: '1',
      GIT_OPTIONAL_LOCKS: '0',
      GIT_TERMINAL_PROMPT: '0',
      ...(remote.transport === 'ssh' ? sshEnvironment(remote, addresses, outer) : {}),
    },
  };
}

function resolveOption({ host, port }: Remote, addresses: readonly string[]): string {
  if (addresses.length === 0 || literalAddress(host) !== undefined) return '';
  const written = addresses.map((address) => (address.includes(':') ? `[${address}]` : address));
  return `${host}:${port}:${written.join(',')}`;
}

/**
 * Only here are the user's own home and agent passed on: the key that opens a repository is there, and the list of the
 * keys of known hosts. Whoever is asked for does not choose any of these words, only the host, which is a plain name.
 */
function sshEnvironment(
  { host, port }: Remote,
  addresses: readonly string[],
  outer: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const alias = port === 22 ? host : `[${host}]:${port}`;
  const options = [
    'BatchMode=yes',
    `HostName=${addresses[0] ?? ''}`,
    `HostKeyAlias=${alias}`,
    'ConnectTimeout=30',
    'ControlPath=none',
    'ForwardAgent=no',
    'ClearAllForwardings=yes',
    'PermitLocalCommand=no',
  ];
  const own = ['HOME', 'SSH_AUTH_SOCK'].flatMap((name) => {
    const value = outer[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(own),
    GIT_SSH_COMMAND: ['ssh', ...options.map((option) => `-o '${option}'`)].join(' '),
    GIT_SSH_VARIANT: 'ssh',
    SSH_ASKPASS_REQUIRE: 'never',
  };
}
