import { resolve } from 'node:path';
import { locateHome } from '../../home/home.ts';
import { readConfig } from '../../config/config.ts';
import { DISK } from '../../files/disk.ts';
import { type Context, parseFormat } from '../context.ts';
import { type Packed, packSkill, readSigningKey, type SigningKey } from '../install/pack-skill.ts';
import { printData } from '../print.ts';
import { inline } from '../terminal.ts';

export interface PublishFlags {
  readonly sign?: string;
  readonly format: string;
}

/** `skill publish FOLDER TO`: packs a skill and puts it where others install it from. */
export async function publish(folder: string, to: string, flags: PublishFlags, context: Context): Promise<number> {
  const format = parseFormat(flags.format, ['text', 'json']);
  const key = await readSigningKey(flags.sign);
  const packed = await packSkill(folder, key);
  const { id, version } = packed.manifest;
  const at = to.startsWith('oci://') ? await push(packed, to, key, context) : await putInto(packed, resolve(to));
  const { terminal } = context;
  if (format === 'json') await printData({ id, version, at, signature: packed.signature }, 'json', terminal);
  else {
    terminal.say(
      `published ${id} ${version}${packed.signature === undefined ? '' : `, signed in ${packed.signature}`}\n`,
    );
    terminal.out(`${inline(at)}\n`);
  }
  return 0;
}

async function push(
  { manifest, archive }: Packed,
  to: string,
  key: SigningKey | undefined,
  { home }: Context,
): Promise<string> {
  const [{ parseOciReference }, { pushSkill }, { createDownload }] = await Promise.all([
    import('../../oci/reference.ts'),
    import('../../oci/push.ts'),
    import('../../download/create-download.ts'),
  ]);
  const { privateHosts } = await readConfig(locateHome(home, process.env));
  const { id, version, description } = manifest;
  // Without a tag it is the version, in which a tag has no +.
  const reference = parseOciReference(
    /^oci:\/\/[^/]+\/[^:@]+$/.test(to) ? `${to}:${version.replaceAll('+', '_')}` : to,
  );
  const sign = key === undefined ? undefined : await cosignWith(key);
  const digest = await pushSkill(
    { archive, id, version, description, ...(sign !== undefined && { sign }) },
    reference,
    {
      download: createDownload({ privateHosts }),
      signal: new AbortController().signal,
      env: process.env,
      privateHosts,
    },
  );
  return `oci://${reference.host}/${reference.name}@${digest}`;
}

/** A key in PEM signs the manifest as cosign does; one of minisign has signed the skill itself. */
async function cosignWith({ text, password }: SigningKey): Promise<((payload: Uint8Array) => string) | undefined> {
  if (!text.startsWith('-----BEGIN ')) return undefined;
  const { signCosign } = await import('../../trust/index.ts');
  return (payload) => signCosign(payload, text, password);
}

async function putInto({ manifest, archive }: Packed, folder: string): Promise<string> {
  const { publishInto } = await import('../../registry/publish.ts');
  const { signal } = new AbortController();
  const published = await publishInto(folder, { manifest, archive }, { files: DISK, now: new Date(), signal });
  return resolve(folder, published.archive);
}
