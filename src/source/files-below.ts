import { quote, SkillError } from '../../host/index.ts';
import type { RawFile } from '../tree/raw-file.ts';

/** The files of one folder of a package, their paths relative to it. @throws SkillError E_NOT_FOUND when it has none */
export function filesBelow(files: readonly RawFile[], folder: string, shown: string): readonly RawFile[] {
  const prefix = `${folder}/`;
  const inside = files.filter(({ path }) => path.startsWith(prefix));
  if (inside.length > 0) return inside.map((file) => ({ ...file, path: file.path.slice(prefix.length) }));
  throw new SkillError('E_NOT_FOUND', `${quote(shown, 400)} has no folder ${quote(folder)}`, {
    hint: 'leave out sub= to see which skills it holds',
    details: { reason: 'no_folder' },
  });
}
