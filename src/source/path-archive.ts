import { pathToFileURL } from 'node:url';
import { quote, SkillError } from '../../host/index.ts';
import { ARCHIVE_CEILINGS } from '../archive/ceilings.ts';
import { readArchive } from '../archive/read-archive.ts';
import { refuseArchive } from '../archive/refuse-archive.ts';
import { readCapped, TooLarge } from '../skill/read-capped.ts';
import { checkPath } from '../tree/check-path.ts';
import { filesBelow } from './files-below.ts';
import type { Fetched } from './source.ts';
import { unreadable } from './unreadable.ts';

/** The files of an archive of this machine, or of one folder in it. @throws as `Source.fetch` */
export async function fetchArchive(path: string, below: string | undefined): Promise<Fetched> {
  const { href } = pathToFileURL(path);
  const files = await readArchive(readBytes(path, href), href);
  const known = { wasExpected: false, signatures: [] };
  if (below === undefined) return { resolved: href, files, ...known };
  // A folder in a folder, where a package in a package was chosen.
  const folder = below.split('&sub=').join('/');
  if (checkPath(folder) !== undefined)
    throw new SkillError('E_USAGE', `${quote(folder)} is no folder in ${quote(path, 400)}`, {
      hint: 'leave out #sub= to see which skills it holds',
    });
  return { resolved: `${href}#sub=${folder}`, files: filesBelow(files, folder, href), ...known };
}

function readBytes(path: string, shown: string): Uint8Array {
  try {
    return readCapped(path, ARCHIVE_CEILINGS.bytes);
  } catch (error) {
    if (!(error instanceof TooLarge)) throw unreadable(path, error);
    throw refuseArchive(shown, 'too_large', `has more than ${ARCHIVE_CEILINGS.bytes / 2 ** 20} MiB`);
  }
}
