import { scrypt } from 'node:crypto';
import { SkillError } from '../../../host/index.ts';
import { decodeBase64 } from '../decode-base64.ts';
import { privateKeyOf, publicBytes } from '../ed25519.ts';
import { scryptCost } from './scrypt-cost.ts';

export interface MinisignSecret {
  readonly keyId: Buffer;
  /** The 32 bytes an Ed25519 key is made from. */
  readonly seed: Buffer;
}

const FILE = /^untrusted comment: .{0,1024}\n(.{212})\n?$/;
/** Where the parts of a secret key file begin: two letters each for key, derivation and checksum, then these. */
const AT = { derivation: 2, checksum: 4, salt: 6, operations: 38, memory: 46, keyId: 54, end: 158 } as const;
const ENCRYPTED_BYTES = AT.end - AT.keyId;

/**
 * Reads a secret key file of minisign. Its checksum is not looked at: that the public half follows from the secret one
 * says the same, and of a wrong password too.
 * @throws SkillError E_USAGE when it is no such file, or the password is missing or wrong
 */
export async function parseSecretKey(text: string, password?: string): Promise<MinisignSecret> {
  const file = decodeBase64(FILE.exec(text)?.[1] ?? '');
  if (file?.length !== AT.end || file.toString('latin1', 0, 2) !== 'Ed') throw noKey('it is no minisign secret key');
  const derivation = file.toString('latin1', AT.derivation, AT.checksum);
  let body = file.subarray(AT.keyId);
  if (derivation === 'Sc') body = await decrypt(file, body, password);
  else if (derivation !== '\0\0') throw noKey('it is encrypted in a way that is not known');
  const seed = body.subarray(8, 40);
  if (!publicBytes(privateKeyOf(seed)).equals(body.subarray(40, 72))) {
    throw noKey(derivation === 'Sc' ? 'the password is wrong' : 'its two halves do not belong together');
  }
  return { keyId: body.subarray(0, 8), seed };
}

/** Without a password, as `minisign -W` writes it. */
export function writeSecretKey({ keyId, seed }: MinisignSecret): string {
  const file = Buffer.alloc(AT.end);
  file.write('Ed\0\0B2', 'latin1');
  Buffer.concat([keyId, seed, publicBytes(privateKeyOf(seed))]).copy(file, AT.keyId);
  return `untrusted comment: minisign secret key without a password\n${file.toString('base64')}\n`;
}

async function decrypt(file: Buffer, body: Buffer, password: string | undefined): Promise<Buffer> {
  if (password === undefined) throw noKey('it has a password, and none was given');
  const cost = scryptCost(file.readBigUInt64LE(AT.operations), file.readBigUInt64LE(AT.memory));
  if (cost === undefined) throw noKey('opening it would take more memory than any key made by minisign');
  const stream = await derive(password, file.subarray(AT.salt, AT.operations), cost);
  return Buffer.from(body.map((byte, index) => byte ^ (stream[index] ?? 0)));
}

function derive(password: string, salt: Buffer, cost: { N: number; r: number; p: number }): Promise<Buffer> {
  const maxmem = 128 * cost.r * (cost.N + cost.p + 2);
  return new Promise((resolve, reject) => {
    scrypt(password, salt, ENCRYPTED_BYTES, { ...cost, maxmem }, (error, bytes) => {
      if (error === null) resolve(bytes);
      else reject(noKey('there is not enough memory to open it', error));
    });
  });
}

function noKey(why: string, cause?: unknown): SkillError {
  return new SkillError('E_USAGE', `The signing key cannot be used: ${why}.`, {
    hint: 'pass a key file of minisign with its password, or a private key in PEM',
    cause,
  });
}
