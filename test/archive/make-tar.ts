import { gzipSync } from 'node:zlib';

export interface TarEntry {
  readonly name: string | Uint8Array;
  readonly content?: string | Uint8Array;
  /** Default `0`, a file. */
  readonly type?: string;
  /** As it stands in the header; by default what the content has. */
  readonly size?: string | Uint8Array;
  readonly mode?: string;
  readonly link?: string;
  readonly prefix?: string;
  readonly magic?: string;
  /** Bytes to put somewhere in the header, before it is summed up. */
  readonly patch?: readonly [at: number, bytes: string];
  /** Instead of the right one. */
  readonly sum?: string;
}

/** One entry, said as its maker likes. */
export function entry(one: TarEntry): Buffer {
  const { name, content = '', type = '0', mode = '0000644\0', link = '', prefix = '', magic = 'ustar\u000000' } = one;
  const bytes = Buffer.from(content as string);
  const header = Buffer.alloc(512);
  header.set(Buffer.from(name as string).subarray(0, 100), 0);
  header.write(mode, 100, 'latin1');
  header.write('0000000\0'.repeat(2), 108, 'latin1');
  header.set(Buffer.from((one.size ?? `${bytes.length.toString(8).padStart(11, '0')}\0`) as string, 'latin1'), 124);
  header.write('00000000000\0', 136, 'latin1');
  header.write(type, 156, 'latin1');
  header.write(link, 157, 'utf8');
  header.write(magic, 257, 'latin1');
  header.write(prefix, 345, 'utf8');
  if (one.patch !== undefined) header.write(one.patch[1], one.patch[0], 'latin1');
  header.write(' '.repeat(8), 148, 'latin1');
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(one.sum ?? `${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return Buffer.concat([header, bytes, Buffer.alloc(-bytes.length & 511)]);
}

/** A PAX header with these words. */
export function pax(words: Readonly<Record<string, string>>, type = 'x'): Buffer {
  return entry({
    name: 'PaxHeader',
    type,
    content: Object.entries(words)
      .map(([key, value]) => word(key, value))
      .join(''),
  });
}

export function word(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const size = Buffer.byteLength(rest);
  const digits = String(size + String(size).length).length;
  return `${size + digits}${rest}`;
}

export const END = Buffer.alloc(1024);

export function tar(...parts: readonly (TarEntry | Buffer)[]): Buffer {
  return Buffer.concat([...parts.map((part) => (Buffer.isBuffer(part) ? part : entry(part))), END]);
}

export function tgz(...parts: readonly (TarEntry | Buffer)[]): Buffer {
  return gzipSync(tar(...parts));
}
