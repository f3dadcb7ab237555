import { basename, resolve } from 'node:path';
import { quote, SkillError } from '../../host/index.ts';
import type { Manifest, Problem } from '../manifest/manifest.ts';
import { checkSkillId } from '../manifest/text-checks.ts';
import { readKnowledge } from '../knowledge/read-knowledge.ts';
import { loadSkill } from '../skill/load-skill.ts';
import { parseTree } from '../tree/file-tree.ts';
import type { RawFile } from '../tree/raw-file.ts';
import { addCompanions } from './companions.ts';
import { type Draft, type Drafted, textFile } from './draft.ts';
import { findLost } from './find-lost.ts';
import { fromGoose } from './from-goose.ts';
import { fromFolder, fromManifestFile } from './from-manifest.ts';
import { fromToolList } from './from-mcp.ts';
import type { NotCarried } from './not-carried.ts';
import { type FileSource, parseFile, readSource, type Source } from './read-source.ts';
import { type Kind, kindByContent, kindByName } from './recognize.ts';
import { requireFree, writeAside } from './write-aside.ts';
import { writeManifest } from './write-manifest.ts';

export interface ImportRequest {
  /** A folder or a file. */
  readonly source: string;
  /** Otherwise a folder of the name of the skill, in the working directory. */
  readonly to?: string | undefined;
  /** The id, or its name without `custom.`. */
  readonly name?: string | undefined;
}

export interface Imported {
  readonly ready: true;
  readonly kind: Kind;
  readonly folder: string;
  /** In order, relative to the folder. */
  readonly files: readonly string[];
  readonly manifest: Manifest;
  readonly notCarried: readonly NotCarried[];
}

/** What kept the source from becoming a skill; nothing was written. */
export interface NotImported {
  readonly ready: false;
  readonly id: string;
  readonly problems: readonly Problem[];
}

/**
 * Makes a native skill of something else, in a folder that was not there before. It is loaded before it appears, so what
 * appears is ready.
 * @throws SkillError E_USAGE, E_NOT_FOUND, E_PACKAGE
 */
export async function importSkill({ source: given, to, name }: ImportRequest): Promise<Imported | NotImported> {
  const id = name === undefined ? undefined : parseId(name);
  const source = readSource(given);
  const { kind, drafted } = await draft(source);
  if ('problems' in drafted) return { ready: false, id: basename(source.path), problems: drafted.problems };
  const named = id === undefined ? drafted : { ...drafted, manifest: { ...drafted.manifest, id } };
  const folder = to ?? (named.manifest.id.split('.')[1] || 'skill');
  requireFree(resolve(folder), folder);
  const { files, notCarried } = finish(named);
  let problems: readonly Problem[] = [];
  const found: NotCarried[] = [];
  const isGood = async (aside: string): Promise<boolean> => {
    const skill = await loadSkill(aside, { folderName: basename(resolve(folder)) });
    ({ problems } = skill);
    found.push(...(await findHidden(aside)));
    return skill.ready;
  };
  const { id: finalId } = named.manifest;
  if (!(await writeAside(resolve(folder), files, isGood))) return { ready: false, id: finalId, problems };
  return {
    ready: true,
    kind,
    folder,
    files: files.map(({ path }) => path),
    manifest: named.manifest,
    notCarried: [...notCarried, ...found, ...problems.map(fromWarning)],
  };
}

/** @throws SkillError E_USAGE: a path is no name */
function parseId(name: string): string {
  const id = name.includes('.') ? name : `custom.${name}`;
  const fault = checkSkillId(id);
  if (fault === undefined) return id;
  throw new SkillError('E_USAGE', `--name ${quote(name)} ${fault.wrong}`, {
    hint: 'write it such as my-skill, or custom.my-skill',
  });
}

async function draft(source: Source): Promise<{ readonly kind: Kind; readonly drafted: Drafted }> {
  if (source.type === 'folder') return { kind: source.manifest as Kind, drafted: await fromFolder(source) };
  const named = kindByName(source.path);
  if (named !== undefined) return { kind: named as Kind, drafted: await fromManifestFile(source, named) };
  return draftOfContent(source);
}

async function draftOfContent(source: FileSource): Promise<{ readonly kind: Kind; readonly drafted: Drafted }> {
  const parsed = parseFile(source);
  // Of what cannot be parsed nobody knows the kind, and the problems are the same for each.
  if (!('table' in parsed)) return { kind: 'mcp-tools', drafted: { problems: await parsed.problems() } };
  const kind = kindByContent(parsed.table, source.path);
  if (kind === 'mcp-tools') return { kind, drafted: await fromToolList(parsed) };
  if (kind === 'goose-recipe') return { kind, drafted: await fromGoose(parsed) };
  return { kind, drafted: await fromManifestFile(source, kind) };
}

/** All files, with what every skill has. */
function finish(made: Draft): { readonly files: readonly RawFile[]; readonly notCarried: readonly NotCarried[] } {
  const { kept, notCarried } = findLost(made.manifest);
  const companions = addCompanions({ ...made, manifest: kept }, made.manifest.license);
  const manifest = textFile('skill.toml', writeManifest(kept));
  const { files } = parseTree([manifest, ...made.files, ...companions.added]);
  return { files, notCarried: [...made.notCarried, ...notCarried, ...companions.notCarried] };
}

/** What a model will not be shown of the knowledge. */
async function findHidden(folder: string): Promise<NotCarried[]> {
  const { warnings, unreadable } = await readKnowledge(folder, 'skill.toml');
  const hidden = warnings.map((warning) => {
    const [field = '', ...why] = warning.split(': ');
    return { field, why: `${why.join(': ')} when it is read`, fix: 'remove the characters' };
  });
  const rest = unreadable.map(({ path, why }) => ({ field: path, why, fix: 'mend or remove the file' }));
  return [...hidden, ...rest];
}

function fromWarning({ file, field, message, fix }: Problem): NotCarried {
  return { field: field ?? file, why: message, fix };
}
