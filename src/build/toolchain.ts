import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { SkillError } from '../../host/index.ts';
import { PACKAGE } from '../home/package.ts';

/** What npm brings to build guests, with the versions that were tried together, and where each is entered. */
export const TOOLS = {
  assemblyscript: { version: '0.28.20', entry: 'dist/asc.js' },
  '@bytecodealliance/jco': { version: '1.35.0', entry: 'dist/api.js' },
  '@bytecodealliance/componentize-js': { version: '0.22.0', entry: 'src/componentize.js' },
  rolldown: { version: '1.3.2', entry: 'dist/index.mjs' },
  zod: { version: '4.6.7', entry: 'index.js' },
} as const;

export type ToolName = keyof typeof TOOLS;

export interface Toolchain {
  /** The folder of a package, which is installed when it is not there. @throws SkillError E_TOOLCHAIN */
  folder(name: ToolName): Promise<string>;
  /** Its module. @throws SkillError E_TOOLCHAIN */
  load<T>(name: ToolName): Promise<T>;
}

/**
 * Compilers that npm can bring: those beside skillhost, else those in the home, where they are put once. Never those of the
 * folder that is built, whose code would run.
 */
export function openToolchain(home: string, say: (line: string) => void): Toolchain {
  const folder = async (name: ToolName): Promise<string> => {
    const { version } = TOOLS[name];
    const beside = findBeside(PACKAGE, name);
    if (beside !== undefined && versionOf(beside) === version) return beside;
    const kept = join(home, 'toolchain', `${name.replaceAll(/\W+/g, '-').replace(/^-/, '')}-${version}`);
    const installed = join(kept, 'node_modules', name);
    if (existsSync(join(installed, 'package.json'))) return installed;
    say(`installing ${name} ${version}, once`);
    await install(kept, `${name}@${version}`);
    return installed;
  };
  return {
    folder,
    load: async <T>(name: ToolName) =>
      (await import(pathToFileURL(join(await folder(name), TOOLS[name].entry)).href)) as T,
  };
}

function findBeside(from: string, name: string): string | undefined {
  const folder = join(from, 'node_modules', name);
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(from);
  return parent === from ? undefined : findBeside(parent, name);
}

function versionOf(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
}

const MOST_MS = 600_000;

/** Without the scripts of anybody. */
async function install(prefix: string, what: string): Promise<void> {
  mkdirSync(prefix, { recursive: true });
  const args = ['install', '--prefix', prefix, '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', what];
  const isWindows = process.platform === 'win32';
  try {
    await promisify(execFile)(isWindows ? 'npm.cmd' : 'npm', args, { timeout: MOST_MS, shell: isWindows });
  } catch (error) {
    const [line = ''] = (error as { readonly stderr?: string }).stderr?.trim().split('\n') ?? [];
    throw new SkillError('E_TOOLCHAIN', `the toolchain ${what} could not be installed${line && `: ${line}`}`, {
      hint: `npm install -g ${what}, or npm install ${what} beside skillhost`,
      cause: error,
    });
  }
}
