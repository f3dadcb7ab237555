import { decodeBase64 } from '../decode-base64.ts';

export interface MinisignKey {
  /** Eight bytes that were drawn when the key was made; they find a key and prove nothing. */
  readonly id: Buffer;
  readonly bytes: Buffer;
}

const WITH_COMMENT = /^untrusted comment: .{0,1024}\n(.{56})\n?$/;

/** Reads `RW…`, alone or as the file `minisign -G` writes; undefined for anything else. */
export function parsePublicKey(text: string): MinisignKey | undefined {
  const decoded = decodeBase64(WITH_COMMENT.exec(text)?.[1] ?? text);
  if (decoded?.length !== 42 || decoded.toString('latin1', 0, 2) !== 'Ed') return undefined;
  return { id: decoded.subarray(2, 10), bytes: decoded.subarray(10) };
}

export function writePublicKey({ id, bytes }: MinisignKey): string {
  const text = Buffer.concat([Buffer.from('Ed'), id, bytes]).toString('base64');
  return `untrusted comment: minisign public key ${showKeyId(id)}\n${text}\n`;
}

/** As minisign shows it: a little-endian number. */
export function showKeyId(id: Uint8Array): string {
  return Buffer.from(id.toReversed()).toString('hex').toUpperCase();
}
