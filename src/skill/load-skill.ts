import { createHash } from 'node:crypto';
import { open, realpath } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import { CEILINGS, inspectModule, quote, SkillError } from '../../host/index.ts';
import { MANIFEST_CEILINGS } from '../manifest/ceilings.ts';
import { checkFolder } from '../manifest/check-folder.ts';
import { locateField } from '../manifest/locate.ts';
import type { Manifest, Problem } from '../manifest/manifest.ts';
import { parseSkillToml } from '../manifest/parse-skill-toml.ts';
import { resolveTools } from '../tool/tool.ts';
import type { ReadySkill, Skill } from './skill.ts';

export const MANIFEST_FILE = 'skill.toml';

/** Loads the skill in a folder. Never throws for what the folder holds: a broken skill is returned as such. */
export async function loadSkill(dir: string, options: { readonly strict?: boolean } = {}): Promise<Skill> {
  const path = resolve(dir);
  const fallbackId = basename(path);
  let source: Buffer;
  try {
    source = await readCapped(join(path, MANIFEST_FILE), MANIFEST_CEILINGS.bytes);
  } catch (error) {
    return { ready: false, id: fallbackId, path, problems: [unreadable(MANIFEST_FILE, error)] };
  }
  const { manifest, problems } = await parseSkillToml(source, { file: MANIFEST_FILE, strict: options.strict ?? false });
  if (manifest === undefined) return { ready: false, id: fallbackId, path, problems };
  const all = [...problems, ...(await checkFolder(path, manifest))];
  const loaded = hasErrors(all) ? undefined : await loadModule(path, manifest);
  if (loaded !== undefined) all.push(...(await place(loaded.problems, source.toString())));
  if (hasErrors(all) || loaded === undefined) return { ready: false, id: manifest.id, path, problems: all };
  const { id, name, description, version, aliases } = manifest;
  const hash = digest(source, loaded.module?.bytes);
  return {
    ready: true,
    id,
    name,
    description,
    version,
    aliases,
    path,
    manifest,
    hash,
    module: loaded.module,
    tools: loaded.tools,
    problems: all,
  };
}

/** Loads a bare module as a skill without a manifest: it declares nothing, so a grant is all that limits it. */
export async function loadBareModule(file: string): Promise<ReadySkill> {
  const path = resolve(file);
  const bytes = await readModule(path, file);
  const description = inspectModule(bytes);
  const { tools } = resolveTools(undefined, description);
  const hash = digest(undefined, bytes);
  const name = basename(path).replace(/\.wasm$/, '');
  return {
    ready: true,
    // Its folders are named after the id: no other skill's, and no `..`. Ids of skills with a manifest have a dot.
    id: /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name) ? name : `module-${hash.slice('sha256:'.length, 20)}`,
    name,
    description: `${description.kind} module`,
    version: '0.0.0',
    aliases: [],
    path,
    manifest: undefined,
    hash,
    module: { bytes, description },
    tools,
    problems: [],
  };
}

async function loadModule(
  dir: string,
  manifest: Manifest,
): Promise<Pick<ReadySkill, 'module' | 'tools'> & { readonly problems: Problem[] }> {
  const { executable, file } = manifest;
  if (executable === undefined) return { module: undefined, tools: [], problems: [] };
  try {
    const path = await realpath(join(dir, executable.module));
    if (!path.startsWith((await realpath(dir)) + sep))
      throw new SkillError('E_MODULE', 'the module lies outside of the skill');
    const bytes = await readModule(path, executable.module);
    const description = inspectModule(bytes, executable.kind);
    const { tools, problems } = resolveTools(manifest, description);
    if (executable.reuse && description.kind !== 'component') problems.push(cannotKeep(description.kind, file));
    return { module: { bytes, description }, tools, problems };
  } catch (error) {
    if (!(error instanceof SkillError)) throw error;
    const problem: Problem = {
      severity: 'error',
      code: error.code.replace('E_', 'M_'),
      file,
      field: 'executable.module',
      message: `${executable.module}: ${error.message}`,
      fix: error.hint ?? 'rebuild the module',
    };
    return { module: undefined, tools: [], problems: [problem] };
  }
}

function cannotKeep(kind: string, file: string): Problem {
  return {
    severity: 'error',
    code: 'M_REUSE',
    file,
    field: 'executable.reuse',
    message: `an instance can be kept of components only; the module is of kind ${kind}`,
    fix: 'remove reuse',
  };
}

async function readModule(path: string, shown: string): Promise<Buffer> {
  // What a run of it may have is known later, and less.
  const most = CEILINGS.module_mb.hard * 1024 * 1024;
  try {
    return await readCapped(path, most);
  } catch (error) {
    if (error instanceof TooLarge) {
      throw new SkillError(
        'E_MODULE_LIMIT',
        `the module ${quote(shown)} is larger than module_mb can be, ${CEILINGS.module_mb.hard}`,
        {
          hint: 'strip the module of its debug information (wasm-tools strip, wasm-opt -Oz)',
          details: { limit: 'module_mb' },
        },
      );
    }
    const { code } = error as NodeJS.ErrnoException;
    throw new SkillError('E_NOT_FOUND', `the module ${quote(shown)} cannot be read: ${code ?? String(error)}`, {
      hint: 'check the path',
      cause: error,
    });
  }
}

class TooLarge extends Error {}

/** Reads a regular file of at most `most` bytes. */
async function readCapped(path: string, most: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw Object.assign(new Error('not a regular file'), { code: 'not a regular file' });
    if (stat.size > most) throw new TooLarge(`it has ${stat.size} bytes; at most ${most} are read`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function digest(manifest: Uint8Array | undefined, module: Uint8Array | undefined): string {
  const hash = createHash('sha256');
  for (const part of [manifest, module]) {
    hash.update(part === undefined ? '-' : `${part.length}:`);
    if (part !== undefined) hash.update(part);
  }
  return `sha256:${hash.digest('hex')}`;
}

function unreadable(file: string, error: unknown): Problem {
  const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  return {
    severity: 'error',
    code: isMissing ? 'M_MISSING' : 'M_UNREADABLE',
    file,
    message: isMissing
      ? 'there is no skill.toml'
      : error instanceof TooLarge
        ? `the manifest is too large: ${error.message}`
        : `it cannot be read: ${String((error as NodeJS.ErrnoException).code ?? error)}`,
    fix: isMissing
      ? 'a skill is a folder with a skill.toml; docs/guests.md shows one'
      : 'a manifest is a regular file of at most 256 KiB',
  };
}

function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

/** Adds line and column to problems that know their field alone. */
async function place(problems: readonly Problem[], source: string): Promise<Problem[]> {
  const placed: Problem[] = [];
  for (const problem of problems)
    placed.push({ ...problem, ...(problem.field !== undefined && (await locateField(source, problem.field))) });
  return placed;
}
