import { hasInvisible } from '../../host/index.ts';

const MOST_BYTES = 1024;
const MOST_PART_BYTES = 255;
const MOST_DEPTH = 32;

/** Of Windows: devices, whatever extension they have. The superscript digits count as digits there. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[1-9\u00b9\u00b2\u00b3]) *(?:\.|$)/i;
/** The folder of a repository, and the short name Windows gives it. */
const GIT = /^(?:\.git|git~\d+)$/i;
const FORBIDDEN = /[<>:"|?*\\]/;
/** Some systems map them to characters that are forbidden. */
const PRIVATE_USE = /\p{Co}/u;

/**
 * What is wrong with the path of a file of a package, as the end of a sentence; undefined for a path that is one and the
 * same on every system, and stays in its folder there.
 */
export function checkPath(path: string): string | undefined {
  if (path === '') return 'has no name';
  if (!path.isWellFormed() || hasInvisible(path) || PRIVATE_USE.test(path)) return 'has characters nobody can see';
  if (path.normalize('NFC') !== path) return 'is not in the normal form of Unicode (NFC)';
  if (Buffer.byteLength(path) > MOST_BYTES) return `is longer than ${MOST_BYTES} bytes`;
  const parts = path.split('/');
  if (parts.length > MOST_DEPTH) return `is deeper than ${MOST_DEPTH} folders`;
  if (path.startsWith('/')) return 'begins at the root of the system';
  for (const part of parts) {
    const wrong = checkPart(part);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function checkPart(part: string): string | undefined {
  if (part === '' || part === '.' || part === '..') return 'has an empty or dotted part';
  if (FORBIDDEN.test(part)) return `has one of < > : " | ? * \\ in it`;
  if (Buffer.byteLength(part) > MOST_PART_BYTES) return `has a part that is longer than ${MOST_PART_BYTES} bytes`;
  if (part.endsWith('.') || part.trim() !== part) return 'has a part that begins or ends in a space, or ends in a dot';
  if (DEVICE.test(part)) return 'has the name of a device of Windows in it';
  if (GIT.test(part)) return 'leads into the folder of a repository';
  if (part === '~') return 'has a part that means the home of a person';
  return undefined;
}
