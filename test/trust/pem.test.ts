import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { signCosign, signStatement } from '../../src/trust/index.ts';
import { isMissing, judge, minisignPair, refusalOf, sha256, STATEMENT } from './support.ts';

type Pair = { publicKey: KeyObject; privateKey: KeyObject };
const write = ({ publicKey, privateKey }: Pair) => ({
  public: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
  secret: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
});
const p256 = write(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }));
const ed25519 = write(generateKeyPairSync('ed25519'));
const stranger = write(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }));

const archive = Buffer.from('the bytes of an archive');
const source = `https://acme.example/aws.tgz#sha256=${sha256(archive)}`;
const trusting = (text: string) => ({ require: 'signature', keys: [{ name: 'acme', kind: 'cosign', key: text }] });

/** Judges a signature that came beside an archive. */
const verdict = (
  signature: string | Uint8Array,
  asked: { trust?: unknown; payload?: Uint8Array; source?: string } = {},
) =>
  judge({
    trust: trusting(p256.public),
    source,
    ...asked,
    beside: [{ kind: 'cosign', payload: asked.payload ?? archive, signature: Buffer.from(signature) }],
  });

describe.each([
  ['ECDSA on P-256', p256],
  ['Ed25519', ed25519],
])('a key in PEM, %s,', (_, pair) => {
  it('signs a payload beside a package [R-TRUST-2]', async () => {
    const signature = signCosign(archive, pair.secret);
    const trust = trusting(pair.public);
    expect((await verdict(signature, { trust })).signature).toEqual({ kind: 'cosign', signer: 'acme', verified: true });
    expect((await verdict(`${signature}\n`, { trust })).signature?.signer).toBe('acme');
  });

  it('signs a statement as a bundle that is verified with it, and wrong for any other [R-TRUST-1, R-TRUST-3]', async () => {
    const { file, bytes } = await signStatement(STATEMENT, pair.secret);
    expect(file).toBe('skill.sigstore.json');
    const asked = { trust: trusting(pair.public), inside: { [file]: bytes } };
    expect((await judge(asked)).signature).toEqual({ kind: 'sigstore', signer: 'acme', verified: true });
    for (const moved of [{ id: 'cloud.azure' }, { version: '1.2.1' }, { tree: `sha256:${'b2'.repeat(32)}` }]) {
      expect(await refusalOf(() => judge({ ...asked, ...moved }))).toBe('E_SIGNATURE signature_wrong');
    }
    expect(await refusalOf(() => judge({ ...asked, trust: trusting(stranger.public) }))).toBe(
      'E_SIGNATURE signature_missing',
    );
  });

  it('verifies no signature with a bit flipped [R-TRUST-12]', async () => {
    const signature = Buffer.from(signCosign(archive, pair.secret), 'base64');
    for (let bit = 0; bit < signature.length * 8; bit++) {
      const flipped = Buffer.from(signature);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const refused = await refusalOf(() => verdict(flipped.toString('base64'), { trust: trusting(pair.public) }));
      expect(refused).toBe('E_SIGNATURE signature_missing');
    }
  });

  it('verifies no signature that was cut or filled up [R-TRUST-12]', async () => {
    const signature = Buffer.from(signCosign(archive, pair.secret), 'base64');
    const lengths = [...signature.keys(), signature.length + 1, signature.length + 70];
    for (const length of lengths) {
      const changed = Buffer.concat([signature, Buffer.alloc(100)]).subarray(0, length);
      const refused = await refusalOf(() => verdict(changed.toString('base64'), { trust: trusting(pair.public) }));
      expect(refused).toMatch(length === 0 ? 'signature_malformed' : 'signature_missing');
    }
  });
});

describe('a signature beside a package', () => {
  it.each([
    ['no base64', '…', 'E_SIGNATURE signature_malformed'],
    ['base64 with spaces', 'AA AA', 'E_SIGNATURE signature_malformed'],
    ['base64 of a kilobyte', Buffer.alloc(700).toString('base64'), 'E_SIGNATURE signature_malformed'],
    ['a megabyte', 'A'.repeat(1_000_000), 'E_SIGNATURE signature_too_large'],
    ['bytes that are no text', Buffer.alloc(90, 0xff), 'E_SIGNATURE signature_malformed'],
    ['zeros', Buffer.alloc(72).toString('base64'), 'E_SIGNATURE signature_missing'],
    // r = s = 0 verified for everything in a famous implementation.
    [
      'the numbers zero and zero',
      Buffer.from('3006020100020100', 'hex').toString('base64'),
      'E_SIGNATURE signature_missing',
    ],
    ['an empty sequence', Buffer.from('3000', 'hex').toString('base64'), 'E_SIGNATURE signature_missing'],
  ])('that is %s is refused [R-TRUST-3, R-TRUST-12]', async (_, signature, refused) => {
    expect(await refusalOf(() => verdict(signature))).toBe(refused);
  });

  it('whose second number is its twin is as good, and counts once [R-TRUST-7]', async () => {
    const signature = Buffer.from(signCosign(archive, p256.secret), 'base64');
    const twin = twinOf(signature);
    expect(twin.equals(signature)).toBe(false);
    const beside = [signature, twin].map((bytes) => ({
      kind: 'cosign' as const,
      payload: archive,
      signature: Buffer.from(bytes.toString('base64')),
    }));
    const keys = [...trusting(p256.public).keys, { name: 'beta', kind: 'cosign', key: ed25519.public }];
    const rule = { match: 'https:*', require: 'signature', threshold: 2 };
    expect((await judge({ source, trust: { keys }, beside })).signature?.signer).toBe('acme');
    expect(await refusalOf(() => judge({ source, trust: { keys, sources: [rule] }, beside }))).toBe(
      'E_SIGNATURE threshold_missed',
    );
  });

  it('in another DER than the one is none [R-TRUST-12]', async () => {
    const signature = Buffer.from(signCosign(archive, p256.secret), 'base64');
    const long = Buffer.concat([Buffer.from([0x30, 0x81]), signature.subarray(1)]);
    expect(await refusalOf(() => verdict(long.toString('base64')))).toBe('E_SIGNATURE signature_missing');
  });

  it('is not taken for one of another kind of key [R-TRUST-12]', async () => {
    const made = [signCosign(archive, ed25519.secret), signCosign(archive, p256.secret)];
    const others = [trusting(p256.public), trusting(ed25519.public)];
    for (const [index, trust] of others.entries()) {
      expect(await refusalOf(() => verdict(made[index] ?? '', { trust }))).toBe('E_SIGNATURE signature_missing');
    }
    // The same curve and the same bytes, as a key of minisign.
    const bytes = Buffer.from(ed25519.public.split('\n')[1] ?? '', 'base64').subarray(12);
    const key = Buffer.concat([Buffer.from('Ed'), Buffer.alloc(8, 1), bytes]).toString('base64');
    const trust = { require: 'signature', keys: [{ name: 'acme', kind: 'minisign', key }] };
    expect(await refusalOf(() => verdict(made[0] ?? '', { trust }))).toBe('E_SIGNATURE signature_missing');
    expect(minisignPair().text).toHaveLength(key.length);
  });

  const digest = sha256(archive);
  const simple = (of: string) =>
    Buffer.from(
      JSON.stringify({
        critical: { identity: {}, image: { 'docker-manifest-digest': of }, type: 'cosign container image signature' },
        optional: null,
      }),
    );
  it.each([
    ['the archive', source, archive, true],
    ['the manifest', `oci://host/aws@sha256:${digest}`, archive, true],
    ['what names the manifest', `oci://host/aws@sha256:${digest}`, simple(`sha256:${digest}`), true],
    ['what names another manifest', `oci://host/aws@sha256:${digest}`, simple(`sha256:${'0'.repeat(64)}`), false],
    ['what names a digest in capitals', `oci://host/aws@sha256:${digest}`, simple(`SHA256:${digest}`), false],
    ['what names nothing', `oci://host/aws@sha256:${digest}`, Buffer.from('{"critical":null}'), false],
    ['another archive', source, Buffer.from('another archive'), false],
    ['an archive nobody pinned', 'https://acme.example/aws.tgz', archive, false],
    ['an archive pinned by the start of its sum', source.slice(0, -1), archive, false],
    ['an archive pinned by more than a sum', `${source}0`, archive, false],
    ['an archive with its sum earlier in the source', `${source}/b.tgz#sha256=${'0'.repeat(64)}`, archive, false],
  ])('over %s counts only for that [R-TRUST-1]', async (_, from, payload, counts) => {
    const signature = signCosign(payload, p256.secret);
    const outcome = await refusalOf(() => verdict(signature, { source: from, payload }));
    expect(outcome).toMatch(counts ? /^not refused.*acme/ : /^E_SIGNATURE payload_foreign$/);
  });

  it('is one of at most sixteen [R-TRUST-12]', async () => {
    const one = { kind: 'cosign' as const, payload: archive, signature: Buffer.from(signCosign(archive, p256.secret)) };
    const beside = Array.from({ length: 17 }, () => one);
    const trust = trusting(p256.public);
    expect(await refusalOf(() => judge({ source, trust, beside }))).toBe('E_SIGNATURE signature_too_large');
    expect((await judge({ source, trust, beside: beside.slice(1) })).signature?.signer).toBe('acme');
  });

  it('of any bytes is refused or none [R-TRUST-12]', async () => {
    const kind = fc.constantFrom('minisign', 'cosign', 'sigstore', 'gpg');
    await fc.assert(
      fc.asyncProperty(kind, fc.uint8Array({ maxLength: 200 }), async (of, signature) => {
        const beside = [{ kind: of, payload: archive, signature }];
        expect(await refusalOf(() => judge({ source, trust: trusting(p256.public), beside }))).toMatch(/^E_SIGNATURE/);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a key that cannot sign', () => {
  it.each([
    ['RSA', () => write(generateKeyPairSync('rsa', { modulusLength: 2048 })).secret],
    ['on another curve', () => write(generateKeyPairSync('ec', { namedCurve: 'secp384r1' })).secret],
    ['a public key', () => p256.public],
    ['cut', () => p256.secret.slice(0, 80)],
    ['no PEM', () => 'secret'],
  ])('as it is %s is refused', async (_, pem) => {
    expect(await refusalOf(() => signCosign(archive, pem()))).toBe('E_USAGE');
    expect(await refusalOf(() => signStatement(STATEMENT, pem()))).toBe('E_USAGE');
  });
});

describe('a private key in PEM', () => {
  it('that is encrypted signs with its password, and only with it', async () => {
    const key = generateKeyPairSync('ed25519').privateKey;
    const pem = key.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'a b' }).toString();
    expect(signCosign(archive, pem, 'a b')).toHaveLength(88);
    for (const password of [undefined, '', 'wrong']) {
      expect(await refusalOf(() => signCosign(archive, pem, password))).toBe('E_USAGE');
    }
  });
});

describe('the program openssl', () => {
  const dir = mkdtempSync(join(tmpdir(), 'trust-'));
  const at = (name: string) => join(dir, name);
  const run = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe', encoding: 'utf8' });
  afterAll(() => rmSync(dir, { recursive: true }));

  it.skipIf(isMissing('openssl'))(
    'signs what is verified here, and verifies what is signed here [only with openssl] [R-TRUST-2]',
    async () => {
      run('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', at('key'));
      run('ec', '-in', at('key'), '-pubout', '-out', at('key.pub'));
      writeFileSync(at('archive'), archive);
      run('dgst', '-sha256', '-sign', at('key'), '-out', at('theirs'), at('archive'));
      const trust = trusting(readFileSync(at('key.pub'), 'utf8'));
      expect((await verdict(readFileSync(at('theirs')).toString('base64'), { trust })).signature?.signer).toBe('acme');
      const ours = signCosign(archive, readFileSync(at('key'), 'utf8'));
      writeFileSync(at('ours'), Buffer.from(ours, 'base64'));
      expect(run('dgst', '-sha256', '-verify', at('key.pub'), '-signature', at('ours'), at('archive'))).toContain('OK');
    },
  );
});

/** The other signature that verifies: the order of the curve less the second number. */
function twinOf(der: Buffer): Buffer {
  const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
  const lengthOfR = der[3] ?? 0;
  const r = der.subarray(4, 4 + lengthOfR);
  const s = BigInt(`0x${der.subarray(6 + lengthOfR).toString('hex')}`);
  const digits = (order - s).toString(16).padStart(64, '0');
  const number = Buffer.from(/^[89a-f]/.test(digits) ? `00${digits}` : digits, 'hex');
  const body = Buffer.concat([Buffer.from([2, r.length]), r, Buffer.from([2, number.length]), number]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}
