import { generateKeyPairSync } from 'node:crypto';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { SkillError } from '../../host/index.ts';
import { NO_TRUST, parseTrust } from '../../src/trust/index.ts';
import { minisignPair } from './support.ts';

const one = minisignPair();
const two = minisignPair();
const pem = (type: 'ed25519' | 'rsa' | 'p256' | 'p384'): string => {
  const { publicKey } =
    type === 'ed25519'
      ? generateKeyPairSync('ed25519')
      : type === 'rsa'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : generateKeyPairSync('ec', { namedCurve: type === 'p256' ? 'prime256v1' : 'secp384r1' });
  return publicKey.export({ format: 'pem', type: 'spki' }).toString();
};
const key = { name: 'acme', kind: 'minisign', key: one.text };
const newer = { name: 'acme-2', kind: 'minisign', key: two.text };
const identity = { name: 'ci', issuer: 'https://issuer.example', subject: 'https://github.com/acme/*' };
const rule = { match: 'github:acme/*', require: 'signature' };
const withKey = (changed: object) => ({ keys: [{ ...key, ...changed }] });
const withIdentity = (changed: object) => ({ identities: [{ ...identity, ...changed }] });
const withRule = (changed: object) => ({ keys: [key, newer], sources: [{ ...rule, ...changed }] });

/** The field, what is wrong with it, and what to write. */
function faultOf(table: unknown): string {
  try {
    parseTrust(table, 'config.toml', (path) => {
      throw new Error(`no ${path}`);
    });
  } catch (error) {
    if (!(error instanceof SkillError)) throw error;
    expect(error.code).toBe('E_USAGE');
    expect(error.hint).toBeTruthy();
    expect(error.message).toMatch(/^config\.toml: trust/);
    return `${String(error.details?.['field'])}: ${error.message} ${error.hint}`;
  }
  return 'no fault';
}

describe('a trust policy', () => {
  it.each([
    ['a number', 7, 'trust: .*must be a table'],
    ['a list', [], 'trust: .*must be a table'],
    ['null', null, 'trust: .*must be a table'],
    ['a time', new Date(0), 'trust: .*must be a table'],
    ['a misspelled field', { requires: 'none' }, 'trust: .*"requires".*did you mean require'],
    ['a field of a prototype', JSON.parse('{"__proto__": 1}'), 'trust: .*has no field'],
    ['an unknown requirement', { require: 'signed' }, 'trust.require: .*"signed".*none, integrity, signature'],
    ['a requirement in capitals', { require: 'Signature' }, 'trust.require: '],
    ['a requirement that hides a line', { require: 'a\n\u001b[2J' }, 'trust.require: .*"a\\\\u\\{a\\}'],
    ['a root that is not there', { root: 'root.json' }, 'trust.root: .*cannot be read'],
    ['keys that are a table', { keys: {} }, 'trust.keys: .*must be a list'],
    ['too many keys', { keys: Array.from({ length: 300 }, () => key) }, 'trust.keys: .*over 256'],
    ['a key that is text', { keys: ['RW'] }, 'trust.keys\\[0\\]: .*must be a table'],
    ['a key without a name', withKey({ name: undefined }), 'trust.keys\\[0\\].name: '],
    ['a name with a space', withKey({ name: 'acme release' }), 'trust.keys\\[0\\].name: '],
    ['a name with a line', withKey({ name: 'acme\n' }), 'trust.keys\\[0\\].name: '],
    ['a name that is long', withKey({ name: 'a'.repeat(65) }), 'trust.keys\\[0\\].name: .*over 64'],
    ['a key of an unknown kind', withKey({ kind: 'pgp' }), 'trust.keys\\[0\\].kind: .*minisign, cosign, gpg'],
    ['a key without a key', withKey({ key: undefined }), 'trust.keys\\[0\\]: .*one of key and file'],
    ['a key and a file', withKey({ file: 'a' }), 'trust.keys\\[0\\]: .*one of key and file'],
    ['a file that is not there', withKey({ key: undefined, file: 'a' }), 'trust.keys\\[0\\].file: .*cannot be read'],
    ['a shortened minisign key', withKey({ key: one.text.slice(0, -4) }), 'key: .*no minisign public key'],
    ['a minisign key with a space', withKey({ key: ` ${one.text}` }), 'key: .*no minisign public key'],
    ['a minisign key in another spelling', withKey({ key: one.text.replace(/.$/, '=') }), 'key: .*no minisign'],
    ['a minisign secret key', withKey({ key: one.secret }), 'key: .*secret key'],
    ['PEM as a minisign key', withKey({ key: pem('ed25519') }), 'key: .*no minisign public key'],
    ['a minisign key as PEM', withKey({ kind: 'cosign' }), 'key: .*no public key in PEM'],
    ['an RSA key', withKey({ kind: 'cosign', key: pem('rsa') }), 'key: .*no public key in PEM of a supported kind'],
    ['a key on another curve', withKey({ kind: 'cosign', key: pem('p384') }), 'key: .*no public key in PEM'],
    ['two keys in PEM', withKey({ kind: 'cosign', key: pem('p256') + pem('p256') }), 'key: .*no public key in PEM'],
    ['PEM of nothing', withKey({ kind: 'cosign', key: broken() }), 'key: .*no public key in PEM'],
    ['a private key in PEM', withKey({ kind: 'cosign', key: privatePem() }), 'key: .*secret key'],
    ['a minisign key as GPG', withKey({ kind: 'gpg' }), 'key: .*not one armored GPG key'],
    ['two GPG keys', withKey({ kind: 'gpg', key: armor('a-b') + armor('c') }), 'key: .*not one armored GPG key'],
    ['a secret GPG key', withKey({ kind: 'gpg', key: secretArmor() }), 'key: .*secret key'],
    ['a time that is none', withKey({ revoked: 'yesterday' }), 'trust.keys\\[0\\].revoked: .*no time in UTC'],
    ['a day that is none', withKey({ revoked: '2026-02-30' }), 'trust.keys\\[0\\].revoked: '],
    ['a time of no zone', withKey({ expires: '2026-02-03T10:00:00' }), 'trust.keys\\[0\\].expires: '],
    ['a time that is a number', withKey({ expires: 1 }), 'trust.keys\\[0\\].expires: '],
    ['a time that is no time', withKey({ expires: new Date(Number.NaN) }), 'trust.keys\\[0\\].expires: '],
    ['two keys of one name', { keys: [key, { ...newer, name: 'acme' }] }, 'trust.keys\\[1\\].name: .*taken'],
    [
      'a key and an identity of one name',
      { keys: [key], identities: [{ ...identity, name: 'acme' }] },
      'name: .*taken',
    ],
    ['one key of two names', { keys: [key, { ...newer, key: one.public }] }, 'trust.keys\\[1\\].key: .*of acme again'],
    [
      'one key of two kinds',
      { keys: [key, { name: 'pem', kind: 'cosign', key: asPem(one.text) }] },
      'keys\\[1\\].key: .*of acme again',
    ],
    ['a replaced key that is gone', withKey({ replaces: 'older' }), 'trust.keys\\[0\\].replaces: .*names no key'],
    ['a key that replaces itself', withKey({ replaces: 'acme' }), 'replaces: .*back to itself'],
    [
      'two that replace each other',
      {
        keys: [
          { ...key, replaces: 'acme-2' },
          { ...newer, replaces: 'acme' },
        ],
      },
      'itself',
    ],
    ['an identity without an issuer', withIdentity({ issuer: undefined }), 'trust.identities\\[0\\].issuer: '],
    ['an identity that is anybody', withIdentity({ subject: '*' }), 'subject: .*anybody'],
    ['an identity with any address', withIdentity({ subject: '*@*' }), 'subject: .*anybody'],
    ['an identity that expires', withIdentity({ expires: '2026-01-01' }), 'has no field "expires"'],
    ['a rule without a requirement', withRule({ require: undefined }), 'trust.sources\\[0\\].require: '],
    ['a rule without a match', withRule({ match: '' }), 'trust.sources\\[0\\].match: '],
    ['a long match', withRule({ match: 'a'.repeat(300) }), 'trust.sources\\[0\\].match: .*over 256'],
    ['a signer nobody knows', withRule({ signers: ['beta'] }), 'trust.sources\\[0\\].signers: .*names no key'],
    ['a signer that is a number', withRule({ signers: [1] }), 'trust.sources\\[0\\].signers: '],
    ['a signer named twice', withRule({ signers: ['acme', 'acme'] }), 'signers: .*acme twice'],
    ['no signers', withRule({ signers: [] }), 'trust.sources\\[0\\].signers: .*empty'],
    ['signers where none is required', withRule({ require: 'none', signers: ['acme'] }), 'require: .*no signature'],
    ['a threshold where none is required', withRule({ require: 'integrity', threshold: 1 }), 'require: .*no signature'],
    ['a threshold of nothing', withRule({ threshold: 0 }), 'trust.sources\\[0\\].threshold: .*from 1'],
    ['half a threshold', withRule({ threshold: 1.5 }), 'trust.sources\\[0\\].threshold: '],
    ['a threshold over all signers', withRule({ threshold: 3 }), 'threshold: .*over the 2 signers'],
    ['a threshold over its signers', withRule({ signers: ['acme'], threshold: 2 }), 'threshold: .*over the 1 signers'],
    ['a signature by nobody', { sources: [rule] }, 'threshold: .*over the 0 signers'],
    ['a rule twice', { keys: [key], sources: [rule, rule] }, 'trust.sources\\[1\\].match: .*ties'],
    [
      'rules that tie',
      {
        keys: [key],
        sources: [
          { ...rule, match: 'a*' },
          { ...rule, match: '*b' },
        ],
      },
      'match: .*ties',
    ],
  ])('with %s is told so [R-TRUST-9]', (_, table, fault) => {
    expect(faultOf(table)).toMatch(new RegExp(fault));
  });

  it('that a table of a configuration file holds is read [R-TRUST-9]', () => {
    const text = `
      [trust]
      require = "integrity"
      root = "trusted_root.json"
      [[trust.keys]]
      name = "acme"
      kind = "minisign"
      file = "acme.pub"
      revoked = 2026-01-31T00:00:00Z
      [[trust.keys]]
      name = "acme-2"
      kind = "cosign"
      key = """\n${pem('ed25519')}"""
      expires = "2027-01-31"
      replaces = "acme"
      [[trust.identities]]
      name = "ci"
      issuer = "https://issuer.example"
      subject = "https://github.com/acme/*/.github/workflows/release.yml@refs/heads/main"
      revoked = "2026-01-31T10:20:30.5Z"
      [[trust.sources]]
      match = "github:acme/*"
      require = "signature"
      signers = ["acme-2", "ci"]
      threshold = 2
      [[trust.sources]]
      match = "github:acme/draft*"
      require = "none"`;
    const asked: string[] = [];
    const policy = parseTrust(parse(text)['trust'], 'config.toml', (path) => {
      asked.push(path);
      return Buffer.from(path === 'acme.pub' ? one.public : '{}');
    });
    expect(asked).toEqual(['acme.pub', 'trusted_root.json']);
    expect(policy.layers).toMatchObject([
      {
        require: 'integrity',
        root: Buffer.from('{}'),
        keys: [
          { name: 'acme', key: one.public, revoked: new Date('2026-01-31T00:00:00Z') },
          { name: 'acme-2', expires: new Date('2027-01-31T00:00:00Z'), replaces: 'acme' },
        ],
        identities: [{ name: 'ci', revoked: new Date('2026-01-31T10:20:30.500Z') }],
        sources: [
          { signers: ['acme-2', 'ci'], threshold: 2 },
          { signers: undefined, threshold: 1 },
        ],
      },
    ]);
  });

  it('survives being copied, as it is only values', () => {
    const policy = parseTrust({ keys: [key], identities: [identity], sources: [rule] }, 'config.toml');
    expect(structuredClone(policy)).toEqual(policy);
  });

  it('holds a GPG key with a comment of any words', () => {
    expect(parseTrust(withKey({ kind: 'gpg', key: armor('a-b') }), 'config.toml').layers[0]?.keys).toHaveLength(1);
  });

  it('that is not there requires nothing', () => {
    expect(parseTrust(undefined, 'config.toml')).toBe(NO_TRUST);
  });

  it.each([
    ['a key', { keys: [{ ...key, key: undefined, file: 'a' }] }, 'keys[0].file'],
    ['a root', { root: 'a' }, 'root'],
  ])('whose file of %s is no such thing is told so [R-TRUST-9]', (_, table, field) => {
    expect(() => parseTrust(table, 'config.toml', () => Buffer.alloc(2_000_000, 0xff))).toThrow(`trust.${field} is`);
  });
});

/** A key of minisign, which is one of Ed25519, in PEM. */
function asPem(text: string): string {
  const bytes = Buffer.from(text, 'base64').subarray(10);
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), bytes]);
  return `-----BEGIN PUBLIC KEY-----\n${der.toString('base64')}\n-----END PUBLIC KEY-----\n`;
}

function privatePem(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

function broken(): string {
  return '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n';
}

function armor(comment: string): string {
  return `-----BEGIN PGP PUBLIC KEY BLOCK-----\nComment: ${comment}\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----\n`;
}

function secretArmor(): string {
  return '-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nAAAA\n-----END PGP PRIVATE KEY BLOCK-----\n';
}
