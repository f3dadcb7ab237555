import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { quote } from '../../host/index.ts';
import { checkPlatform, thisMachine } from './check-platform.ts';
import { isManifestFile, MANIFEST_FILES } from './format.ts';
import { withoutMark } from './decode-text.ts';
import { loadFormat } from './load-format.ts';
import { codeOf, type FolderListing, isInside, listFolder } from './list-folder.ts';
import type { PlaceTree } from './locate.ts';
import type { Manifest, Problem } from './manifest.ts';
import { placeFindings } from './place-findings.ts';
import { Report } from './report.ts';

const LICENSE_FILES = ['LICENSE', 'LICENSE.md', 'LICENSE.txt'];

/**
 * Checks what a manifest says against the folder it describes, and the folder and this machine against what a skill may
 * be and needs. A skill with an error here is not ready. Never throws for what the folder holds.
 */
export async function checkFolder(dir: string, manifest: Manifest): Promise<Problem[]> {
  const report = new Report(isManifestFile(manifest.file) ? await loadFormat(manifest.file) : {});
  await checkPlatform(manifest.platform, thisMachine(), report);
  try {
    const folder = listFolder(dir, report);
    checkCompanions(folder, manifest, report);
    checkParts(folder, manifest, report);
    await checkModule(folder, manifest, report);
  } catch (error) {
    if (typeof codeOf(error) !== 'string') throw error;
    const message = `the skill's folder cannot be read: ${String(codeOf(error))}`;
    report.error({ code: 'M_FOLDER', path: [], message, fix: 'check that it exists and that you may read all of it' });
  }
  return placeFindings(report.findings, { file: manifest.file, loadPlaces: () => loadPlaces(dir, manifest) });
}

/** The places in the manifest's text; a folder without findings does not pay for reading it again. */
async function loadPlaces(dir: string, { file }: Manifest): Promise<PlaceTree | undefined> {
  if (!isManifestFile(file)) return undefined;
  try {
    return await (await loadFormat(file)).loadPlaces(withoutMark(await readFile(join(dir, file), 'utf8')));
  } catch {
    // Positions are a courtesy; that the folder cannot be read is reported by itself.
    return undefined;
  }
}

function checkCompanions({ files }: FolderListing, manifest: Manifest, report: Report): void {
  checkSecondManifests(files, manifest, report);
  // A SKILL.md is what people read, and names its license in a field.
  if (manifest.file === 'SKILL.md') return;
  const missing = (name: string, why: string): void => {
    const message = `${name} is missing: ${why}`;
    report.warn({ code: 'M_COMPANION_MISSING', path: [], message, fix: `add a file ${name}`, file: name });
  };
  if (!files.has('README.md')) missing('README.md', 'people read it before they trust the skill');
  if (!LICENSE_FILES.some((name) => files.has(name))) missing('LICENSE', 'publishing needs it');
}

function checkSecondManifests(files: ReadonlySet<string>, manifest: Manifest, report: Report): void {
  for (const name of MANIFEST_FILES) {
    if (name === manifest.file || !files.has(name)) continue;
    const message = `${name} is a second manifest; ${quote(manifest.file)} is the one that is read`;
    report.warn({ code: 'M_SECOND_MANIFEST', path: [], message, fix: 'keep only one of them', file: name });
  }
}

/** A declared part that is missing is an error; a part that is there but declared away is worth knowing. */
function checkParts(folder: FolderListing, manifest: Manifest, report: Report): void {
  const present = {
    knowledge: hasFileBelow(folder, 'knowledge/'),
    recipes: manifest.recipes.files.some((glob) => hasFileBelow(folder, fixedFolder(glob))),
    executable: manifest.executable !== undefined,
  };
  const missing = {
    knowledge: 'there is no file under knowledge/',
    recipes: `there is no file where recipes.files looks`,
    executable: `there is no ${manifest.file === 'skill.toml' ? 'section [executable]' : 'module in this format'}`,
  };
  const { assign } = report.syntax;
  for (const part of ['knowledge', 'recipes', 'executable'] as const) {
    const declared = manifest.provides[part];
    const path = ['provides', part];
    if (declared === true && !present[part]) {
      const message = `provides.${part} is true, but ${missing[part]}`;
      report.error({ code: 'M_PART_MISSING', path, message, fix: `add it, or remove ${assign(part, 'true')}` });
    } else if (declared === false && present[part]) {
      const message = `provides.${part} is false, but the skill has it`;
      report.warn({ code: 'M_PART_DENIED', path, message, fix: `write ${assign(part, 'true')}, or remove the part` });
    }
  }
}

function hasFileBelow({ files }: FolderListing, prefix: string): boolean {
  for (const file of files) if (file.startsWith(prefix)) return true;
  return false;
}

/** The part of a glob before its first wildcard, down to a folder: patterns from a skill are not run to look for it. */
function fixedFolder(glob: string): string {
  const plain = glob.replace(/^(?:\.\/)+/, '');
  const wildcard = plain.search(/[*?[{]/);
  return wildcard === -1 ? plain : plain.slice(0, plain.lastIndexOf('/', wildcard) + 1);
}

async function checkModule(folder: FolderListing, { executable }: Manifest, report: Report): Promise<void> {
  if (executable === undefined) return;
  const fault = await findModuleFault(join(folder.root, executable.module), folder.root);
  if (fault === undefined) return;
  const modules = [...folder.files].filter((file) => file.endsWith('.wasm')).slice(0, 5);
  const fix =
    modules.length === 0
      ? 'build the module, or write the path of the one there is'
      : `the folder has ${modules.map((file) => quote(file)).join(', ')}`;
  const message = `executable.module ${quote(executable.module)} ${fault.wrong}`;
  report.error({ code: fault.code, path: ['executable', 'module'], message, fix });
}

async function findModuleFault(path: string, root: string): Promise<{ code: string; wrong: string } | undefined> {
  try {
    const target = await realpath(path);
    if (!isInside(root, target)) return { code: 'M_MODULE_OUT', wrong: "leads out of the skill's folder" };
    return (await stat(target)).isFile() ? undefined : { code: 'M_MODULE_MISSING', wrong: 'is not a file' };
  } catch (error) {
    if (typeof codeOf(error) !== 'string') throw error;
    return { code: 'M_MODULE_MISSING', wrong: `cannot be read (${String(codeOf(error))})` };
  }
}
