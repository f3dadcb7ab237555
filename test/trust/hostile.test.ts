import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SkillError } from '../../host/index.ts';
import { parseTrust, signCosign, type SignatureFile, signStatement } from '../../src/trust/index.ts';
import { judge, minisignPair, refusalOf, sha256, STATEMENT } from './support.ts';

const pair = minisignPair();
const pemPair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const pem = pemPair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
const trust = {
  require: 'signature',
  keys: [
    { name: 'acme', kind: 'minisign', key: pair.text },
    { name: 'beta', kind: 'cosign', key: pem },
  ],
};

describe('a table of a configuration', () => {
  const name = fc.constantFrom('require', 'root', 'keys', 'identities', 'sources', '__proto__', 'constructor');
  const field = fc.constantFrom('name', 'kind', 'key', 'file', 'match', 'require', 'signers', 'issuer', 'toString');
  const leaf = fc.oneof(
    fc.constantFrom<unknown>('signature', 'minisign', pair.text, 'acme', 'github:*', 1, -1, 2 ** 53, null, true),
    fc.string({ maxLength: 20 }),
    fc.date({ noInvalidDate: false }),
  );
  const entry = fc.dictionary(field, fc.oneof(leaf, fc.array(leaf, { maxLength: 3 })), { maxKeys: 6 });
  const table = fc.dictionary(name, fc.oneof(leaf, entry, fc.array(fc.oneof(entry, leaf), { maxLength: 3 })));

  it('of any shape is a policy or told its fault, and changes no prototype [R-TRUST-9, R-TRUST-12]', async () => {
    const before = Object.getOwnPropertyNames(Object.prototype).join();
    await fc.assert(
      fc.asyncProperty(table, async (of) => {
        expect(await refusalOf(() => parseTrust(of, 'config.toml', () => Buffer.from('x')))).toMatch(
          /^(not refused|E_USAGE trust)/,
        );
      }),
      { numRuns: 500 },
    );
    expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(before);
  });

  it('of many rules that all overlap is answered at once [R-TRUST-12]', () => {
    const sources = Array.from({ length: 128 }, (_, index) => ({
      match: `${'*a'.repeat(60)}${String(index).padStart(3, '0')}${'*b'.repeat(60)}*`.slice(0, 256),
      require: 'none',
    }));
    expect(() => parseTrust({ sources }, 'config.toml')).toThrow('ties');
  });
});

describe('a signature file', () => {
  const files: readonly SignatureFile[] = ['skill.minisig', 'skill.asc', 'skill.sigstore.json', 'skill.oms.sig'];
  const types = [
    'application/vnd.dev.sigstore.bundle.v0.3+json',
    'application/vnd.dev.sigstore.bundle+json;version=0.1',
  ];
  const bytes = fc.oneof(fc.base64String({ maxLength: 40 }), fc.constantFrom('', 'AAAA', '…'));
  const odd = fc.oneof(bytes, fc.constantFrom<unknown>(null, 7, [], {}, true));
  const bundle = fc.record(
    {
      mediaType: fc.oneof(fc.constantFrom(...types), fc.string({ maxLength: 10 })),
      verificationMaterial: fc.oneof(
        odd,
        fc.record(
          {
            publicKey: fc.oneof(odd, fc.record({ hint: odd })),
            certificate: fc.oneof(odd, fc.record({ rawBytes: odd })),
            x509CertificateChain: fc.oneof(
              odd,
              fc.record({ certificates: fc.array(fc.record({ rawBytes: odd }), { maxLength: 2 }) }),
            ),
            tlogEntries: fc.oneof(
              odd,
              fc.array(fc.record({ logIndex: odd, integratedTime: odd, kindVersion: odd }), { maxLength: 2 }),
            ),
            timestampVerificationData: fc.oneof(
              odd,
              fc.record({ rfc3161Timestamps: fc.array(fc.record({ signedTimestamp: odd }), { maxLength: 2 }) }),
            ),
          },
          { requiredKeys: [] },
        ),
      ),
      messageSignature: fc.oneof(
        odd,
        fc.record({ messageDigest: fc.record({ algorithm: odd, digest: odd }), signature: odd }),
      ),
      dsseEnvelope: fc.oneof(
        odd,
        fc.record({ payload: odd, payloadType: odd, signatures: fc.array(fc.record({ sig: odd }), { maxLength: 2 }) }),
      ),
    },
    { requiredKeys: ['mediaType'] },
  );

  it('that holds a bundle of any parts is refused, or by nobody [R-TRUST-12]', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files.slice(2)), bundle, async (file, json) => {
        const inside = { [file]: Buffer.from(JSON.stringify(json)) };
        expect(await refusalOf(() => judge({ trust, inside }))).toMatch(/^E_SIGNATURE/);
        // Where none is required it is passed over at most.
        const lax = await refusalOf(() => judge({ trust: { ...trust, require: 'none' }, inside }));
        expect(lax).toMatch(/^E_SIGNATURE|^not refused: \{"ok":true,"steps"/);
      }),
      { numRuns: 300 },
    );
  });

  it.each(files)('%s of one byte over and over is refused [R-TRUST-12]', async (file) => {
    for (const byte of [0x00, 0x0a, 0x20, 0x2d, 0x41, 0x5b, 0x7b, 0xff]) {
      for (const length of [1, 100, 10_000]) {
        const inside = { [file]: Buffer.alloc(length, byte) };
        expect(await refusalOf(() => judge({ trust, inside }))).toMatch(/^E_SIGNATURE/);
      }
    }
  });

  it('shows what it says of itself with its hidden characters written out [R-TRUST-12]', async () => {
    const secret = pemPair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const json = JSON.parse(new TextDecoder().decode((await signStatement(STATEMENT, secret)).bytes));
    json.verificationMaterial.publicKey.hint = 'a\u001b]0;title\u0007\u202e';
    const inside = { 'skill.sigstore.json': Buffer.from(JSON.stringify(json)) };
    const { steps } = await judge({ trust: { keys: trust.keys.slice(0, 1) }, inside });
    expect(steps[0]?.says).toContain('key "a\\u{1b}]0;title\\u{7}\\u{202e}"');
  });
});

describe('a secret', () => {
  const password = 'correct horse battery staple';
  const secrets = [
    pair.secret.split('\n')[1] ?? '',
    pemPair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString().split('\n')[1] ?? '',
    password,
  ];
  const locked = pemPair.privateKey
    .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'another' })
    .toString();

  it.each([
    ['a damaged minisign key', () => signStatement(STATEMENT, pair.secret.replace('RWQ', 'RWR'), password)],
    ['a key with another password', () => signStatement(STATEMENT, locked, password)],
    [
      'a damaged key in PEM',
      () => Promise.resolve().then(() => signCosign(STATEMENT, `${pemSecret().slice(0, -40)}\n`, password)),
    ],
    [
      'a minisign key in a policy',
      () =>
        Promise.resolve().then(() =>
          parseTrust({ keys: [{ name: 'a', kind: 'minisign', key: pair.secret }] }, 'config.toml'),
        ),
    ],
    [
      'a key in PEM in a policy',
      () =>
        Promise.resolve().then(() =>
          parseTrust({ keys: [{ name: 'a', kind: 'cosign', key: pemSecret() }] }, 'config.toml'),
        ),
    ],
  ])('is in no error: %s', async (_, action) => {
    const error: unknown = await action().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SkillError);
    const { message, hint, details, stack, cause } = error as SkillError;
    const shown = JSON.stringify([message, hint, details, stack, String(cause)]);
    for (const secret of secrets) expect(shown).not.toContain(secret);
  });

  function pemSecret(): string {
    return pemPair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  }
});

describe('the steps of a verdict', () => {
  it('say what was checked, in order and in whole sentences', async () => {
    const archive = Buffer.from('archive');
    const source = `https://acme.example/aws.tgz#sha256=${sha256(archive)}`;
    const { bytes } = await signStatement(STATEMENT, pair.secret);
    const secret = pemPair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const beside = [{ kind: 'cosign' as const, payload: archive, signature: Buffer.from(signCosign(archive, secret)) }];
    const sources = [
      { match: 'https://acme.example/*', require: 'signature', signers: ['acme', 'beta'], threshold: 2 },
    ];
    const keys = [
      { ...trust.keys[0], replaces: 'older' },
      ...trust.keys.slice(1),
      { name: 'older', kind: 'minisign', key: minisignPair().text, revoked: '2025-01-01' },
    ];
    const previous = { signer: 'older', verified: true, version: '1.1.0' };
    const asked = { trust: { keys, sources }, source, inside: { 'skill.minisig': bytes }, beside, previous };
    const { steps } = await judge(asked);
    expect(steps.map(({ result, says }) => `${result}: ${says.replaceAll(/[0-9A-F]{16}/g, 'ID')}`)).toEqual([
      'passed: skill.minisig is by acme (key ID) and vouches for this package as it is.',
      'passed: The cosign signature beside the package is by beta (a key it does not name) and vouches for this package as it is.',
      expect.stringMatching(
        /^passed: config.toml requires signature of "https:.*" \(rule "https:\/\/acme.example\/\*"\): signed by acme and beta\.$/,
      ),
      'passed: The installed version "1.1.0" was signed by "older", which acme replaces.',
    ]);
  });
});
