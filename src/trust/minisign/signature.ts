import { decodeBase64 } from '../decode-base64.ts';
import { decodeText } from '../decode-text.ts';

export interface MinisignSignature {
  /** `Ed` signs the bytes, `ED` their BLAKE2b-512 sum; any other two letters are none that is known. */
  readonly algorithm: string;
  readonly keyId: Buffer;
  readonly bytes: Buffer;
  readonly trustedComment: string;
  /** Over the signature and the trusted comment after it. */
  readonly global: Buffer;
}

const FILE = /^untrusted comment: .{0,1024}\n(.{100})\ntrusted comment: (.{0,8192})\n(.{88})\n$/;

/** Reads a minisign signature file, which has four whole lines and nothing else; undefined for anything else. */
export function parseSignature(file: Uint8Array): MinisignSignature | undefined {
  const [, first = '', trustedComment = '', last = ''] = FILE.exec(decodeText(file) ?? '') ?? [];
  const decoded = decodeBase64(first);
  const global = decodeBase64(last);
  if (decoded?.length !== 74 || global?.length !== 64) return undefined;
  return {
    algorithm: decoded.toString('latin1', 0, 2),
    keyId: decoded.subarray(2, 10),
    bytes: decoded.subarray(10),
    trustedComment,
    global,
  };
}

export function writeSignature(signature: MinisignSignature): Uint8Array {
  const { algorithm, keyId, bytes, trustedComment, global } = signature;
  const first = Buffer.concat([Buffer.from(algorithm), keyId, bytes]).toString('base64');
  return new TextEncoder().encode(
    `untrusted comment: signature of a skill\n${first}\ntrusted comment: ${trustedComment}\n${global.toString('base64')}\n`,
  );
}
