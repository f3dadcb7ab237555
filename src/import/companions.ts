import type { RawFile } from '../tree/raw-file.ts';
import { type Draft, textFile } from './draft.ts';
import type { NotCarried } from './not-carried.ts';

const LICENSE_FILES: ReadonlySet<string> = new Set(['LICENSE', 'LICENSE.md', 'LICENSE.txt']);

/** The files that every skill has beside its manifest, where the source has none. */
export function addCompanions(
  { manifest, files, about = [] }: Draft,
  terms: string | undefined,
): {
  readonly added: readonly RawFile[];
  readonly notCarried: readonly NotCarried[];
} {
  const added: RawFile[] = [];
  const notCarried: NotCarried[] = [];
  if (!files.some(({ path }) => path === 'README.md')) {
    const text = [`# ${manifest.name}`, manifest.description, ...about].join('\n\n');
    added.push(textFile('README.md', `${text}\n`));
  }
  if (!files.some(({ path }) => LICENSE_FILES.has(path))) {
    added.push(textFile('LICENSE', licenseText(terms)));
    notCarried.push({
      field: 'LICENSE',
      why: 'the source has no text of a license',
      fix: 'put the text into LICENSE before you publish the skill',
    });
  }
  return { added, notCarried };
}

function licenseText(terms: string | undefined): string {
  const stated =
    terms === undefined ? 'No license was stated' : `Stated as its license was: ${terms}\n\nThere was no text`;
  const rest =
    'where this skill was imported from. Ask its author, and put the text of the license here before you publish it.';
  return `${stated} ${rest}\n`;
}
