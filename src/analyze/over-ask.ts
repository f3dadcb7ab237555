// cspell:ignore osascript
import type { ModuleDescription, Rule } from '../../host/index.ts';
import type { Finding, Severity } from './finding.ts';
import { isSource } from './languages.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { TextFile } from './scan-text.ts';

type Asked = 'filesystemRead' | 'filesystemWrite' | 'network' | 'envRead' | 'secretsAccess' | 'messaging';

const NAMES: Readonly<Record<Asked, string>> = {
  filesystemRead: 'filesystem_read',
  filesystemWrite: 'filesystem_write',
  network: 'network',
  envRead: 'env_read',
  secretsAccess: 'secrets_access',
  messaging: 'messaging',
};

/** Which imports of a module could use a capability. */
const USES: Readonly<Record<Asked, RegExp>> = {
  filesystemRead: /filesystem|wasi_snapshot_preview1|wasi_unstable|skillhost|extism/,
  filesystemWrite: /filesystem|wasi_snapshot_preview1|wasi_unstable|skillhost|extism/,
  network: /http|sockets|extism/,
  envRead: /\benv\b|environment|wasi_snapshot_preview1|wasi_unstable|extism/,
  secretsAccess: /secrets|extism|env/,
  messaging: /messaging|skillhost|extism/,
};

/** What a manifest asks for without limit, and what it asks for though nothing of it could be used. */
export function checkOverAsk(
  manifest: Manifest | undefined,
  { files, module }: { readonly files: readonly TextFile[]; readonly module: ModuleDescription | undefined },
): Finding[] {
  if (manifest === undefined) return [];
  return [...wide(manifest), ...unused(manifest, files, module)];
}

function wide({ file, capabilities }: Manifest): Finding[] {
  const at = (rule: Rule, severity: Severity, why: string, fix: string): Finding => ({
    rule: 'asks_for_all',
    severity,
    file,
    why: `${rule.origin} = ${JSON.stringify(rule.text)}: ${why}`,
    fix,
  });
  const { filesystemRead, filesystemWrite, network, envRead, secretsAccess, terminalExec } = capabilities;
  const isAll = ({ text }: Rule): boolean =>
    /^(?:\*{1,2}|\/|\/\*{1,2}|~\/?|~\/\*{1,2}|\$HOME\/?|[A-Za-z]:[\\/]?)$/.test(text.trim());
  return [
    ...filesystemWrite
      .filter(isAll)
      .map((rule) => at(rule, 'high', 'it may write everywhere', 'name the folders it writes')),
    ...filesystemRead
      .filter(isAll)
      .map((rule) => at(rule, 'medium', 'it may read everything, keys among it', 'name the folders it reads')),
    ...network
      .filter(
        ({ text }) =>
          /^(?:[A-Z,]+ +)?(?:https?:\/\/)?\*(?:\.[a-z]{2,6})?(?::\d+|\/)?$/.test(text) || text.startsWith('programs:'),
      )
      .map((rule) => at(rule, 'medium', 'it may reach any host', 'name the hosts')),
    ...envRead
      .filter(({ text }) => text === '*')
      .map((rule) => at(rule, 'medium', 'it may read every variable', 'name the variables')),
    ...secretsAccess
      .filter(({ text }) => text === '*' || text === 'true')
      .map((rule) => at(rule, 'medium', 'it may read every secret', 'name the secrets')),
    ...terminalExec.commands
      .filter(({ text }) => text === '*')
      .map((rule) => at(rule, 'high', 'it may start any program', 'name the programs')),
    ...terminalExec.commands
      .filter(({ text }) =>
        /^(?:ba|z|da|k)?sh$|^(?:python\d?|node|perl|ruby|osascript|powershell|pwsh|sudo)$/.test(text),
      )
      .filter(({ text }) => (terminalExec.args.get(text)?.length ?? 0) === 0)
      .map((rule) => at(rule, 'medium', 'a program that runs any other, with any arguments', 'limit its arguments')),
  ];
}

function unused(
  { file, capabilities, recipes, tools }: Manifest,
  files: readonly TextFile[],
  module: ModuleDescription | undefined,
): Finding[] {
  // What a program or a source does, nobody knows from outside.
  const runsElse = files.some(({ language }) => isSource(language) || language === 'recipe');
  const hasTools = tools.some(({ settings }) => (settings as { readonly type?: string }).type !== undefined);
  if (runsElse || (recipes.files.length > 0 && files.some(({ language }) => language === 'recipe'))) return [];
  if (module === undefined && hasTools) return [];
  const asked = (Object.keys(NAMES) as Asked[]).filter((name) => capabilities[name].length > 0);
  const idle = asked.filter((name) => module === undefined || !module.imports.some((one) => USES[name].test(one)));
  return idle.map((name) => ({
    rule: 'unused_capability',
    severity: 'low',
    file,
    why: `it asks for ${NAMES[name]}, and nothing in it could use that`,
    fix: `remove ${NAMES[name]}`,
  }));
}
