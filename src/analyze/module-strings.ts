import { inspectModule, type ModuleDescription, SkillError } from '../../host/index.ts';
import type { Capabilities } from '../../host/index.ts';
import type { Finding } from './finding.ts';
import { coversHost } from './reach.ts';
import { scanStrings } from './scan-text.ts';

const LEAST = 6;
const MOST_STRINGS = 2 * 2 ** 20;

/** What an import reaches, and which capability is for it. */
const REACHES: readonly (readonly [imports: RegExp, name: string, has: (asked: Capabilities) => boolean])[] = [
  [
    /^wasi:http\/outgoing|^wasi:sockets\/(?:tcp|udp|ip-name)|^skillhost:guest\/http/,
    'network',
    ({ network }) => network.length > 0,
  ],
  [
    /^skillhost:guest\/filesystem/,
    'filesystem_read',
    (asked) => asked.filesystemRead.length + asked.filesystemWrite.length > 0,
  ],
  [/^skillhost:guest\/command/, 'terminal_exec', ({ terminalExec }) => terminalExec.commands.length > 0],
  [/^skillhost:guest\/secrets/, 'secrets_access', ({ secretsAccess }) => secretsAccess.length > 0],
  [/^skillhost:guest\/env/, 'env_read', ({ envRead }) => envRead.length > 0],
];

/** A module by its bytes; undefined when it is none that could be run. */
export async function inspect(
  path: string,
  bytes: Uint8Array,
): Promise<{ readonly module: ModuleDescription | undefined; readonly findings: readonly Finding[] }> {
  try {
    return { module: await inspectModule(bytes), findings: [] };
  } catch (error) {
    if (!(error instanceof SkillError)) throw error;
    const isImport = error.code === 'E_IMPORT';
    const finding: Finding = {
      rule: isImport ? 'foreign_import' : 'unreadable_module',
      severity: 'medium',
      file: path,
      why: error.message,
      fix: error.hint ?? 'rebuild the module',
    };
    return { module: undefined, findings: [finding] };
  }
}

/** Imports that no capability is for, and what the data of a module names. */
export function checkModule(
  { path, bytes }: { readonly path: string; readonly bytes: Uint8Array },
  module: ModuleDescription | undefined,
  asked: Capabilities,
): Finding[] {
  const strings = stringsOf(bytes);
  const idle = REACHES.filter(
    ([imports, , has]) => module?.imports.some((one) => imports.test(one)) === true && !has(asked),
  );
  return [
    ...idle.map(([, name]): Finding => ({
      rule: 'undeclared_import',
      severity: 'low',
      file: path,
      why: `the module can ask for ${name}, and the manifest does not; each such call is refused`,
      fix: `declare ${name}, or build the module without it`,
    })),
    ...hostsOf(strings, asked).map((host): Finding => ({
      rule: 'undeclared_host',
      severity: 'low',
      file: path,
      why: `the data of the module names ${host}, and the manifest does not`,
      fix: 'add the host to capabilities.network, or remove it',
    })),
    ...scanStrings(path, strings),
  ];
}

function hostsOf(strings: string, { network }: Capabilities): readonly string[] {
  const hosts = new Set<string>();
  for (const [, host = ''] of strings.matchAll(/\bhttps?:\/\/([a-z0-9][a-z0-9.-]{2,100}\.[a-z]{2,12})\b/g)) {
    if (!coversHost(network, host)) hosts.add(host);
    if (hosts.size >= 10) break;
  }
  return [...hosts];
}

/** The runs of printable characters, one a line. */
export function stringsOf(bytes: Uint8Array): string {
  const lines: string[] = [];
  let kept = 0;
  let from = -1;
  for (let at = 0; at <= bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x20 && byte < 0x7f) {
      if (from === -1) from = at;
      continue;
    }
    if (from !== -1 && at - from >= LEAST) {
      lines.push(
        Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(at - from, MOST_STRINGS - kept)).toString('latin1'),
      );
      kept += at - from;
      if (kept >= MOST_STRINGS) break;
    }
    from = -1;
  }
  return lines.join('\n');
}
