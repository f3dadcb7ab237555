import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { quote, SkillError } from '../../host/index.ts';
import { describeProblem } from '../manifest/describe-problem.ts';
import { MANIFEST_BYTES } from '../manifest/format.ts';
import { isInside } from '../manifest/list-folder.ts';
import { parseManifest } from '../manifest/parse-manifest.ts';
import type { DescribedTool } from '../sdk/serve.ts';
import { NotReadable, readWithin } from '../skill/read-within.ts';
import { findGuest, type Guest } from './guest.ts';
import type { Toolchain } from './toolchain.ts';
import { writeTools } from './write-tools.ts';

export interface Built {
  /** The module, relative to the skill's folder. */
  readonly module: string;
  readonly language: Guest['language'];
  /** Of the module. */
  readonly bytes: number;
  /** What it says its tools are; undefined where only the manifest says so. */
  readonly tools: readonly DescribedTool[] | undefined;
}

export interface BuildParts {
  readonly toolchain: Toolchain;
  /** What a built module answers to `describe`, asked in the sandbox. */
  readonly describe: (module: string) => Promise<string>;
}

/**
 * Compiles the guest of a skill into the module that its manifest names. The module, and the tools in the manifest, change
 * at the end and each as a whole; when something fails, they stay. Nothing of the folder runs outside of a sandbox.
 * @returns undefined for a skill that has nothing to compile
 * @throws SkillError E_BUILD, E_TOOLCHAIN, E_MANIFEST, E_USAGE
 */
export async function buildSkill(dir: string, parts: BuildParts): Promise<Built | undefined> {
  const folder = resolve(dir);
  const guest = findGuest(folder);
  if (guest === undefined) return undefined;
  const { text, module } = await readManifest(folder);
  const output = join(folder, module);
  const staged = join(dirname(output), `.${process.pid}.${basename(output)}`);
  requireInside(folder, dirname(output));
  requireWritable(dirname(output), folder);
  try {
    await compileGuest(guest, staged, parts.toolchain);
    const tools = guest.language === 'javascript' ? parseTools(await parts.describe(staged)) : undefined;
    const bytes = readFileSync(staged).length;
    renameSync(staged, output);
    if (tools !== undefined) replace(join(folder, 'skill.toml'), writeTools(text, tools), text);
    return { module, language: guest.language, bytes, tools };
  } finally {
    rmSync(staged, { force: true });
  }
}

/** Makes the folder where it is missing. Compilers would say of it what sounds as if the source were wrong. */
function requireWritable(output: string, folder: string): void {
  try {
    mkdirSync(output, { recursive: true });
    accessSync(output, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SkillError('E_USAGE', `${quote(relative(folder, output))} cannot be written: ${code}`, {
      hint: 'the module is written there: it has to be a folder that you may write',
      cause: error,
    });
  }
}

/** @throws SkillError E_MANIFEST for a folder whose way, as far as it is there, leads elsewhere by links */
function requireInside(root: string, folder: string): void {
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return requireInside(root, dirname(folder));
  const real = existsSync(folder) ? realpathSync(folder) : undefined;
  if (real !== undefined && isInside(realpathSync(root), real)) return;
  throw new SkillError('E_MANIFEST', `${quote(relative(root, folder))} is a link that leaves the skill's folder`, {
    hint: 'a module is written only into the folder of its skill: remove the link',
  });
}

async function compileGuest(guest: Guest, output: string, toolchain: Toolchain): Promise<void> {
  switch (guest.language) {
    case 'javascript':
      return (await import('./javascript.ts')).buildJavaScript(guest, output, toolchain);
    case 'assemblyscript':
      return (await import('./assembly-script.ts')).buildAssemblyScript(guest, output, toolchain);
    case 'c':
      return (await import('./c.ts')).buildC(guest, output);
    case 'rust':
      return (await import('./rust.ts')).buildRust(guest, output);
  }
}

async function readManifest(folder: string): Promise<{ readonly text: string; readonly module: string }> {
  const file = join(folder, 'skill.toml');
  if (!existsSync(file))
    throw new SkillError('E_NOT_FOUND', `${quote(folder)} has no skill.toml`, {
      hint: 'skill init makes one, skill import turns other formats into one',
    });
  const bytes = await readSource(folder);
  const { manifest, problems } = await parseManifest(bytes, { file: 'skill.toml', folder: basename(folder) });
  const [first] = problems.filter(({ severity }) => severity === 'error');
  if (manifest === undefined || first !== undefined)
    throw new SkillError('E_MANIFEST', first === undefined ? 'skill.toml is wrong' : describeProblem(first), {
      hint: first?.fix ?? 'skill validate shows every problem',
    });
  const module = manifest.executable?.module;
  if (module === undefined)
    throw new SkillError('E_MANIFEST', 'skill.toml names no module to build', {
      hint: 'write [executable] with module = "bin/NAME.wasm"',
    });
  return { text: bytes.toString(), module };
}

/** @throws SkillError E_MANIFEST */
async function readSource(folder: string): Promise<Buffer> {
  try {
    return await readWithin(folder, 'skill.toml', MANIFEST_BYTES['skill.toml']);
  } catch (error) {
    const why = error instanceof NotReadable ? error.message : String((error as NodeJS.ErrnoException).code ?? error);
    throw new SkillError('E_MANIFEST', `skill.toml cannot be read: ${why}`, {
      hint: 'a manifest is a regular file of at most 256 KiB',
      cause: error,
    });
  }
}

/** What a guest says is read as anybody's words: only these fields, of these types. @throws SkillError E_BUILD */
function parseTools(text: string): readonly DescribedTool[] {
  const said = JSON.parse(text) as unknown;
  if (!Array.isArray(said)) throw new SkillError('E_BUILD', 'the guest describes no tools');
  return said.map((one: Partial<DescribedTool> | null) => {
    const { name, description, parameters, returns } = one ?? {};
    if (typeof name !== 'string' || typeof description !== 'string' || !isObject(parameters))
      throw new SkillError('E_BUILD', 'the guest describes a tool without name, description or parameters');
    return { name, description, parameters, ...(isObject(returns) && { returns }) };
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function replace(file: string, text: string, before: string): void {
  if (text === before) return;
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
}
