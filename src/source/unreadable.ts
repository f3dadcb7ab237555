import { quote, SkillError } from '../../host/index.ts';

/** What to say of a folder that cannot be read. */
export function unreadable(path: string, error: unknown): SkillError {
  const { code } = error as NodeJS.ErrnoException;
  const why = code === 'ENOENT' ? 'there is no such folder' : code === 'ENOTDIR' ? 'it is no folder' : code;
  return new SkillError('E_NOT_FOUND', `${quote(path, 400)} cannot be read: ${why ?? String(error)}`, {
    hint: 'give a folder that holds a skill, one with a skill.toml or a SKILL.md; or an archive: .tgz, .tar.gz, .zip',
    cause: error,
  });
}
