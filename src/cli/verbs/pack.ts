import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { quote, SkillError } from '../../../host/index.ts';
import { type Context, parseFormat } from '../context.ts';
import { packSkill, readSigningKey } from '../install/pack-skill.ts';
import { printData } from '../print.ts';
import { inline } from '../terminal.ts';

export interface PackFlags {
  readonly out?: string;
  readonly sign?: string;
  readonly format: string;
}

/** `skill pack FOLDER`: an archive, the same bytes whoever makes it and wherever. */
export async function pack(folder: string, flags: PackFlags, { terminal }: Context): Promise<number> {
  const format = parseFormat(flags.format, ['text', 'json']);
  const { manifest, archive, tree, files, signature } = await packSkill(folder, await readSigningKey(flags.sign));
  const { id, version } = manifest;
  const file = resolve(flags.out ?? `${id}-${version}.tgz`);
  if (file.startsWith(`${resolve(folder)}${sep}`))
    throw new SkillError('E_USAGE', `${quote(file, 300)} would be a part of the skill that is packed next`, {
      hint: 'write it elsewhere: --out ../NAME.tgz',
    });
  await writeFile(file, archive);
  const sha256 = createHash('sha256').update(archive).digest('hex');
  if (format === 'json')
    await printData({ id, version, file, bytes: archive.length, sha256, tree, signature }, 'json', terminal);
  else {
    const signed = signature === undefined ? '' : `, signed in ${signature}`;
    terminal.say(`packed ${id} ${version}: ${files} files, ${archive.length} bytes${signed}\n`);
    terminal.out(`${inline(file)}#sha256=${sha256}\n`);
  }
  return 0;
}
