import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { quote } from '../../host/index.ts';
import type { Manifest } from './manifest.ts';
import { ARCHITECTURES, SYSTEMS } from './read-platform.ts';
import type { Report } from './report.ts';

/** What a skill may need of the machine it runs on, in Node's words. */
interface Machine {
  readonly os: string;
  readonly arch: string;
  /** The value of PATH. */
  readonly path: string;
  /** Endings a program may have, the empty one included. */
  readonly endings: readonly string[];
}

// cspell:ignore PATHEXT
export function thisMachine(): Machine {
  const endings = process.platform === 'win32' ? (process.env['PATHEXT'] ?? '.EXE').split(';') : [];
  return { os: process.platform, arch: process.arch, path: process.env['PATH'] ?? '', endings: ['', ...endings] };
}

/** Reports what of `[platform]` this machine is not or does not have. */
export async function checkPlatform(platform: Manifest['platform'], machine: Machine, report: Report): Promise<void> {
  if (!matches(platform.os, SYSTEMS, machine.os)) {
    reportMismatch(report, { key: 'os', code: 'M_PLATFORM_OS', wanted: platform.os, here: machine.os });
  }
  if (!matches(platform.arch, ARCHITECTURES, machine.arch)) {
    reportMismatch(report, { key: 'arch', code: 'M_PLATFORM_ARCH', wanted: platform.arch, here: machine.arch });
  }
  for (const [index, tool] of platform.requiredTools.entries()) {
    if (await isOnPath(tool, machine)) continue;
    const message = `the required program ${quote(tool)} is not on PATH`;
    const path = ['platform', 'required_tools', index];
    report.error({ code: 'M_PLATFORM_TOOL', path, message, fix: `install ${quote(tool)}, then try again` });
  }
  for (const [index, tool] of platform.optionalTools.entries()) {
    if (await isOnPath(tool, machine)) continue;
    const message = `the optional program ${quote(tool)} is not on PATH; what needs it will not work`;
    const path = ['platform', 'optional_tools', index];
    report.warn({ code: 'M_OPTIONAL_TOOL', path, message, fix: `install ${quote(tool)} to use all of the skill` });
  }
}

/** Nothing named means everywhere. */
function matches(names: readonly string[], known: ReadonlyMap<string, string>, here: string): boolean {
  return names.length === 0 || names.some((name) => (known.get(name) ?? name) === here);
}

interface Mismatch {
  readonly key: 'os' | 'arch';
  readonly code: string;
  readonly wanted: readonly string[];
  readonly here: string;
}

function reportMismatch(report: Report, { key, code, wanted, here }: Mismatch): void {
  const names = wanted.map((name) => quote(name)).join(', ');
  const message = `the skill is for ${names}; this machine is ${here}`;
  report.error({
    code,
    path: ['platform', key],
    message,
    fix: `use it there, or add ${quote(here)} to platform.${key}`,
  });
}

async function isOnPath(tool: string, { path, endings }: Machine): Promise<boolean> {
  // A relative entry means another program in every folder, so what it holds does not count as installed.
  for (const folder of path.split(delimiter).filter((entry) => isAbsolute(entry))) {
    for (const ending of endings) if (await isProgram(join(folder, tool + ending))) return true;
  }
  return false;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    // Not there, not a program, not readable: for the skill all the same.
    return false;
  }
}
