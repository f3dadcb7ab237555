import { quote } from '../../host/index.ts';
import { formatField } from './field-path.ts';
import type { Manifest } from './manifest.ts';
import { nearest } from './nearest.ts';
import { checkRuleText } from './rule-text.ts';
import type { TableReader } from './table-reader.ts';
import { checkLabel, type Fault } from './text-checks.ts';

/** Names in manifests → names Node uses. */
export const SYSTEMS: ReadonlyMap<string, string> = new Map([
  ['linux', 'linux'],
  ['macos', 'darwin'],
  ['darwin', 'darwin'],
  ['windows', 'win32'],
  ['win32', 'win32'],
  ['freebsd', 'freebsd'],
  ['openbsd', 'openbsd'],
  ['android', 'android'],
]);

export const ARCHITECTURES: ReadonlyMap<string, string> = new Map([
  ['x86_64', 'x64'],
  ['x64', 'x64'],
  ['amd64', 'x64'],
  ['aarch64', 'arm64'],
  ['arm64', 'arm64'],
  ['arm', 'arm'],
  ['x86', 'ia32'],
  ['ia32', 'ia32'],
  ['riscv64', 'riscv64'],
  ['s390x', 's390x'],
  ['ppc64', 'ppc64'],
  ['loong64', 'loong64'],
]);

/** `[platform]`: where the skill works, and the programs it needs. */
export function readPlatform(root: TableReader): Manifest['platform'] {
  const platform = root.section('platform');
  const fields = {
    os: readNames(platform, 'os', SYSTEMS),
    arch: readNames(platform, 'arch', ARCHITECTURES),
    requiredTools: platform.texts('required_tools', checkProgram) ?? [],
    optionalTools: platform.texts('optional_tools', checkProgram) ?? [],
  };
  platform.finish();
  return fields;
}

/** An unknown name is a warning: the skill then does not match this machine, but may match one we do not know. */
function readNames(platform: TableReader, key: string, known: ReadonlyMap<string, string>): readonly string[] {
  const names = platform.texts(key, checkLabel(64)) ?? [];
  for (const [index, name] of names.entries()) {
    if (known.has(name)) continue;
    const path = [...platform.at(key), index];
    const meant = nearest(name, known.keys());
    const message = `${formatField(path)} = ${quote(name)} is no known name`;
    const fix = meant === undefined ? `known are ${[...known.keys()].join(', ')}` : `write "${meant}"`;
    platform.report.lint({ code: 'M_UNKNOWN_PLATFORM', path, message, fix });
  }
  return names;
}

function checkProgram(text: string): Fault | undefined {
  const wrong = text === '*' ? 'must name one program' : checkRuleText('terminal_exec', text);
  return wrong === undefined ? undefined : { code: 'M_RULE', wrong, fix: 'write the name of a program, such as "git"' };
}
