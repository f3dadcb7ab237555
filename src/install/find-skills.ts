import { quote, SkillError } from '../../host/index.ts';
import { MANIFEST_FILES } from '../manifest/format.ts';
import type { RawFile } from '../tree/raw-file.ts';

/** A folder of a package that has a manifest. */
export interface SkillFolder<F extends RawFile = RawFile> {
  /** Relative to the package, with `/`; empty for the package itself. */
  readonly folder: string;
  /** Paths are relative to the folder. */
  readonly files: readonly F[];
}

/** The skills of a package: itself, or each of its folders that is one and lies in no other. In the order of their names. */
export function findSkills<F extends RawFile>(files: readonly F[]): readonly SkillFolder<F>[] {
  const roots = new Set(files.filter(({ path }) => isManifest(nameOf(path))).map(({ path }) => folderOf(path)));
  const outermost = [...roots].filter((root) => !ancestorsOf(root).some((above) => roots.has(above))).toSorted();
  const own = new Map<string, F[]>(outermost.map((folder) => [folder, []]));
  for (const file of files) {
    // Of each file one folder at the most: none of them lies in another.
    const folder = [folderOf(file.path), ...ancestorsOf(folderOf(file.path))].find((one) => own.has(one));
    if (folder !== undefined) own.get(folder)?.push(within(folder, file));
  }
  return outermost.map((folder) => ({ folder, files: own.get(folder) ?? [] }));
}

/**
 * The one skill of a package; of several the one in `folder`.
 * @throws SkillError E_NOT_FOUND without any, E_AMBIGUOUS with more than one
 */
export function requireOne(skills: readonly SkillFolder[], request: string): SkillFolder {
  const [only, second] = skills;
  if (only === undefined)
    throw new SkillError('E_NOT_FOUND', `${quote(request, 400)} holds no skill`, {
      hint: `a skill is a folder with one of ${MANIFEST_FILES.join(', ')}`,
    });
  if (second === undefined) return only;
  const names = skills.map(({ folder }) => folder);
  const more = names.length > 20 ? `, and ${names.length - 20} more` : '';
  throw new SkillError('E_AMBIGUOUS', `${quote(request, 400)} holds ${names.length} skills; say which`, {
    hint: `add --pick NAME, or --all; NAME is one of ${names.slice(0, 20).join(', ')}${more}`,
    details: { folders: names },
  });
}

function within<F extends RawFile>(folder: string, file: F): F {
  return folder === '' ? file : { ...file, path: file.path.slice(folder.length + 1) };
}

function ancestorsOf(folder: string): string[] {
  if (folder === '') return [];
  const parts = folder.split('/');
  return ['', ...parts.slice(0, -1).map((_, i) => parts.slice(0, i + 1).join('/'))];
}

function isManifest(name: string): boolean {
  return MANIFEST_FILES.some((file) => file === name);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}
