import { quote, SkillError } from '../../host/index.ts';

const HINTS: Readonly<Record<string, string>> = {
  link: 'a skill holds plain files and folders: put the file there instead',
  special_file: 'a skill holds plain files and folders',
  too_large: 'leave out what the skill does not need, such as node_modules and build output',
  too_many_files: 'leave out what the skill does not need, such as node_modules and build output',
  ratio: 'no honest package is packed that tightly; ask whoever made it',
  name_encoding: 'pack it as a .tar.gz, or by a tool that marks names as UTF-8',
  unknown_format: 'give a .tar.gz, .tgz, .tar or .zip',
};

/** What is wrong with an archive, or with one entry of it; `reason` tells the cases apart. */
export function refuseArchive(shown: string, reason: string, wrong: string, entry?: string): SkillError {
  const subject = entry === undefined ? 'it' : quote(entry);
  return new SkillError('E_PACKAGE', `${quote(shown, 400)} cannot be used: ${subject} ${wrong}`, {
    hint: HINTS[reason] ?? 'fetch it again; if it stays like this, ask whoever made it to pack it anew',
    details: { reason, ...(entry !== undefined && { entry: entry.slice(0, 1024) }) },
  });
}
