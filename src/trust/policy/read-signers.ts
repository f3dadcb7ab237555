import { decodeText } from '../decode-text.ts';
import { parsePublicKey } from '../minisign/public-key.ts';
import { parsePem } from '../pem-key.ts';
import type { Fields } from './fields.ts';
import type { TrustIdentity, TrustKey } from './policy.ts';

/** Reads a file that a policy names, by its path as written there. */
export type ReadFile = (path: string) => Uint8Array;

const KINDS = ['minisign', 'cosign', 'gpg'] as const;
const ARMOR = /^-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n(?:(?!-----)[^])*-----END PGP PUBLIC KEY BLOCK-----\r?\n?$/;
const NAME = /^[A-Za-z0-9][\w.@-]{0,63}$/;
const MOST = { key: 65_536, path: 4_096, issuer: 1_024, subject: 1_024 };

export function readKey(fields: Fields, read: ReadFile): TrustKey {
  fields.allow(['name', 'kind', 'key', 'file', 'revoked', 'expires', 'replaces']);
  const name = readName(fields);
  const kind = fields.choice('kind', KINDS);
  const { field, text } = readText(fields, read);
  return {
    name,
    kind,
    key: checkKey(kind, text, (wrong, hint) => fields.fault(field, wrong, hint)),
    revoked: fields.optionalTime('revoked'),
    expires: fields.optionalTime('expires'),
    replaces: fields.optionalText('replaces', 64),
  };
}

export function readIdentity(fields: Fields): TrustIdentity {
  fields.allow(['name', 'issuer', 'subject', 'revoked', 'replaces']);
  const subject = fields.text('subject', MOST.subject);
  if (subject.replaceAll(/[*@/]/g, '') === '') {
    const hint = 'write an address, or a URI with * for one part of it';
    throw fields.fault('subject', 'would be anybody its issuer knows', hint);
  }
  return {
    name: readName(fields),
    issuer: fields.text('issuer', MOST.issuer),
    subject,
    revoked: fields.optionalTime('revoked'),
    expires: undefined,
    replaces: fields.optionalText('replaces', 64),
  };
}

/** Reads a file a field names. Whatever keeps it from being read is a fault of that field. */
export function readNamed(fields: Fields, field: string, read: ReadFile): Uint8Array {
  const path = fields.text(field, MOST.path);
  try {
    return read(path);
  } catch (error) {
    throw fields.fault(field, 'names a file that cannot be read', 'check its path and that you may read it', error);
  }
}

function readName(fields: Fields): string {
  const name = fields.text('name', 64);
  if (NAME.test(name)) return name;
  throw fields.fault('name', 'must be letters, digits, dots and hyphens', 'write name = "acme-release"');
}

function readText(fields: Fields, read: ReadFile): { readonly field: 'key' | 'file'; readonly text: string } {
  if (fields.has('key') === fields.has('file')) {
    throw fields.fault(undefined, 'must have one of key and file', 'write key = "…" with the public key itself');
  }
  if (fields.has('key')) return { field: 'key', text: fields.text('key', MOST.key) };
  const bytes = readNamed(fields, 'file', read);
  const text = bytes.length > MOST.key ? undefined : decodeText(bytes);
  if (text === undefined) throw fields.fault('file', 'is no public key', 'name the file of the public key');
  return { field: 'file', text };
}

function checkKey(kind: TrustKey['kind'], text: string, fault: (wrong: string, hint: string) => Error): string {
  if (/PRIVATE KEY|secret key/.test(text)) {
    throw fault('is a secret key', 'write the public key, and draw a new pair if this file was shared');
  }
  if (kind === 'minisign' && parsePublicKey(text) === undefined) {
    throw fault('is no minisign public key', 'write the text that begins with RW, 56 characters long');
  }
  if (kind === 'cosign' && parsePem(text) === undefined) {
    const hint = 'write the whole block from -----BEGIN PUBLIC KEY----- on; ECDSA on P-256 and Ed25519 are supported';
    throw fault('is no public key in PEM of a supported kind', hint);
  }
  if (kind === 'gpg' && !ARMOR.test(text)) {
    throw fault('is not one armored GPG key', 'write what gpg --export --armor prints');
  }
  return text;
}
