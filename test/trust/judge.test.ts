import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { SkillError } from '../../host/index.ts';
import { combineTrust, parseTrust, type SignatureFile, signCosign, signStatement } from '../../src/trust/index.ts';
import { generateKeyPairSync } from 'node:crypto';
import { judge, minisignPair, refusalOf, sha256, SIGNED, SOURCE, STATEMENT } from './support.ts';

const [one, two, three] = [minisignPair(), minisignPair(), minisignPair()];
const pemPair = generateKeyPairSync('ed25519');
const pem = pemPair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
const pemSecret = pemPair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

const keyOf = (name: string, pair = one, more: object = {}) => ({ name, kind: 'minisign', key: pair.text, ...more });
const pemOf = (name: string, more: object = {}) => ({ name, kind: 'cosign', key: pem, ...more });

type Inside = Partial<Record<SignatureFile, Uint8Array>>;
let byOne: Inside;
let byTwo: Inside;
let byPem: Inside;
beforeAll(async () => {
  const sign = async (secret: string) => {
    const { file, bytes } = await signStatement(STATEMENT, secret);
    return { [file]: bytes };
  };
  [byOne, byTwo, byPem] = await Promise.all([sign(one.secret), sign(two.secret), sign(pemSecret)]);
});

describe('what a source requires', () => {
  it.each([
    ['none', false, false, 'not refused'],
    ['none', false, true, 'not refused'],
    ['integrity', true, false, 'not refused'],
    ['integrity', false, true, 'not refused'],
    ['integrity', false, false, 'E_INTEGRITY integrity_unknown'],
    ['signature', false, true, 'not refused'],
    ['signature', true, false, 'E_SIGNATURE signature_missing'],
    ['signature', false, false, 'E_SIGNATURE signature_missing'],
  ])('%s, with its sum known: %s, and signed: %s [R-TRUST-4]', async (require, wasExpected, isSigned, outcome) => {
    const trust = { require, keys: [keyOf('acme')] };
    const asked = { trust, wasExpected, inside: isSigned ? byOne : {} };
    expect(await refusalOf(() => judge(asked))).toMatch(outcome);
  });

  it('is nothing without a policy, and the verdict says what nobody checked [R-TRUST-4]', async () => {
    const answer = await judge({ inside: byOne, wasExpected: false });
    expect(answer.signature).toBeUndefined();
    expect(answer.steps).toEqual([
      { result: 'noted', says: expect.stringMatching(/^skill.minisig is by key [0-9A-F]{16}, whom nobody here knows/) },
      { result: 'noted', says: 'No policy says whom to trust, and nothing is required.' },
    ]);
    expect((await judge({})).steps[0]?.says).toBe('There is no signature.');
  });

  it.each([
    ['github:acme/aws@1', 'signature'],
    ['github:acme/draft-1', 'none'],
    ['github:acme/draft-final', 'integrity'],
    ['github:acme/beta-1', 'none'],
    ['github:acme/beta-2', 'integrity'],
    ['github:other/aws@1', 'integrity'],
    ['github:acme', 'integrity'],
    [` github:acme/aws@1`, 'integrity'],
    [`github:acme/${'a'.repeat(5_000)}`, 'integrity'],
  ])('of %s is said by the most specific rule: %s', async (source, require) => {
    const sources = [
      { match: 'github:acme/draft*', require: 'none' },
      { match: 'github:acme/*', require: 'signature' },
      { match: 'github:acme/draft-final', require: 'integrity' },
      { match: 'github:acme/beta-*', require: 'integrity' },
      { match: 'github:acme/beta-1', require: 'none' },
    ];
    const refused = { signature: 'signature_missing', integrity: 'integrity_unknown', none: 'not refused' }[require];
    const trust = { require: 'integrity', keys: [keyOf('acme')], sources };
    expect(await refusalOf(() => judge({ trust, source, wasExpected: false }))).toMatch(refused ?? '');
    expect(
      await refusalOf(() => judge({ trust: { ...trust, sources: sources.toReversed() }, source, wasExpected: false })),
    ).toMatch(refused ?? '');
  });

  it('may be a signature by some of the known only', async () => {
    const keys = [keyOf('acme'), keyOf('beta', two)];
    const trust = { keys, sources: [{ match: 'github:*', require: 'signature', signers: ['beta'] }] };
    expect(await refusalOf(() => judge({ trust, inside: byOne }))).toBe('E_SIGNATURE signature_missing');
    expect((await judge({ trust, inside: byTwo })).signature?.signer).toBe('beta');
  });

  it('is told with every step up to the refusal', async () => {
    const trust = { require: 'signature', keys: [keyOf('acme', two)] };
    const error = await judge({ trust, inside: byOne }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SkillError);
    expect(error).toMatchObject({ hint: expect.any(String), details: { reason: 'signature_missing' } });
    const { steps } = (error as SkillError).details as { steps: { result: string; says: string }[] };
    expect(steps.map(({ result }) => result)).toEqual(['noted', 'refused']);
    expect(steps[1]?.says).toBe((error as SkillError).message);
  });
});

describe('a key of a policy', () => {
  const at = '2026-06-01T12:00:00Z';
  it.each([
    ['revoked before', { revoked: '2026-05-31' }, 'E_SIGNATURE key_revoked'],
    ['revoked this moment', { revoked: at }, 'E_SIGNATURE key_revoked'],
    ['revoked later', { revoked: '2026-06-01T12:00:00.001Z' }, 'not refused'],
    ['expired before', { expires: '2026-05-31' }, 'E_SIGNATURE key_expired'],
    ['expired this moment', { expires: at }, 'E_SIGNATURE key_expired'],
    ['that expires later', { expires: '2026-06-02' }, 'not refused'],
    ['revoked and expired', { revoked: '2026-01-01', expires: '2026-01-01' }, 'E_SIGNATURE key_revoked'],
  ])('%s [R-TRUST-5]', async (_, times, outcome) => {
    for (const require of ['none', 'integrity', 'signature']) {
      for (const [entry, inside] of [
        [keyOf('acme', one, times), byOne],
        [pemOf('acme', times), byPem],
      ] as const) {
        const trust = { require, keys: [entry] };
        expect(await refusalOf(() => judge({ trust, inside }))).toMatch(outcome);
      }
    }
  });

  it('that is revoked refuses also beside a good one [R-TRUST-5]', async () => {
    const trust = { keys: [keyOf('acme', one, { revoked: '2026-01-01' }), pemOf('beta')] };
    expect(await refusalOf(() => judge({ trust, inside: { ...byOne, ...byPem } }))).toBe('E_SIGNATURE key_revoked');
    expect((await judge({ trust, inside: byPem })).signature?.signer).toBe('beta');
  });

  it('revoked by the company stays so when the user has it by another name [R-TRUST-5, R-TRUST-8]', async () => {
    const corp = parseTrust({ keys: [keyOf('old', one, { revoked: '2026-01-01' })] }, 'corp.toml');
    const user = parseTrust({ require: 'signature', keys: [keyOf('mine')] }, 'user.toml');
    expect(await refusalOf(() => judge({ policy: combineTrust(corp, user), inside: byOne }))).toBe(
      'E_SIGNATURE key_revoked',
    );
  });
});

describe('a threshold', () => {
  const rule = (threshold: number, signers?: string[]) => [
    { match: '*', require: 'signature', threshold, ...(signers && { signers }) },
  ];

  it('of two is met by two signers [R-TRUST-7]', async () => {
    const trust = { keys: [keyOf('acme'), pemOf('beta')], sources: rule(2) };
    expect(await refusalOf(() => judge({ trust, inside: byOne }))).toBe('E_SIGNATURE threshold_missed');
    expect(await refusalOf(() => judge({ trust, inside: byPem }))).toBe('E_SIGNATURE threshold_missed');
    expect(await refusalOf(() => judge({ trust }))).toBe('E_SIGNATURE signature_missing');
    expect((await judge({ trust, inside: { ...byOne, ...byPem } })).ok).toBe(true);
  });

  it('counts a key and the one it replaces once, through any chain [R-TRUST-7]', async () => {
    const keys = [keyOf('acme'), keyOf('acme-2', two, { replaces: 'acme' }), pemOf('acme-3', { replaces: 'acme-2' })];
    const inside = { ...byOne, ...byPem };
    expect(await refusalOf(() => judge({ trust: { keys, sources: rule(2) }, inside }))).toBe(
      'E_SIGNATURE threshold_missed',
    );
    const ends = { keys, sources: rule(2, ['acme', 'acme-3']) };
    expect(await refusalOf(() => judge({ trust: ends, inside }))).toBe('E_SIGNATURE threshold_missed');
    const apart = keys.map(({ name, kind, key }) => ({ name, kind, key }));
    expect((await judge({ trust: { keys: apart, sources: rule(2) }, inside })).ok).toBe(true);
  });

  it('counts a key of two layers once [R-TRUST-7]', async () => {
    const corp = parseTrust({ keys: [keyOf('acme')] }, 'corp.toml');
    const user = parseTrust({ keys: [keyOf('mine')], sources: [{ match: '*', require: 'signature' }] }, 'user.toml');
    const strict = {
      layers: user.layers.map((layer) => ({ ...layer, sources: layer.sources.map((of) => ({ ...of, threshold: 2 })) })),
    };
    const asked = { policy: combineTrust(corp, strict), inside: byOne };
    expect(await refusalOf(() => judge(asked))).toBe('E_SIGNATURE threshold_missed');
  });

  it('does not count those a rule does not name [R-TRUST-7]', async () => {
    const keys = [keyOf('acme'), pemOf('beta'), keyOf('gamma', three)];
    const trust = { keys, sources: rule(2, ['acme', 'gamma']) };
    expect(await refusalOf(() => judge({ trust, inside: { ...byOne, ...byPem } }))).toBe(
      'E_SIGNATURE threshold_missed',
    );
  });

  it('counts a signature as often as it comes once [R-TRUST-7]', async () => {
    const payload = Buffer.from('archive');
    const signature = Buffer.from(signCosign(payload, pemSecret));
    const beside = Array.from({ length: 5 }, () => ({ kind: 'cosign' as const, payload, signature }));
    const source = `https://acme.example/a.tgz#sha256=${sha256(payload)}`;
    const asked = { trust: { keys: [keyOf('acme'), pemOf('beta')], sources: rule(2) }, source, beside };
    expect(await refusalOf(() => judge({ ...asked, inside: byPem }))).toBe('E_SIGNATURE threshold_missed');
    expect((await judge({ ...asked, inside: byOne })).ok).toBe(true);
  });
});

describe('after a version that was signed', () => {
  const previous = (signer: string, verified = true) => ({ signer, verified, version: '1.1.0' });
  const chain = [
    keyOf('acme', three, { revoked: '2026-01-01' }),
    keyOf('acme-2', two, { replaces: 'acme' }),
    keyOf('acme-3', one, { replaces: 'acme-2' }),
    pemOf('beta'),
  ];

  it.each([
    ['the same', 'acme-3', 'byOne', 'not refused'],
    ['one that replaces it', 'acme-2', 'byOne', 'not refused'],
    ['one that replaces what replaces it', 'acme', 'byOne', 'not refused'],
    ['the one it replaced', 'acme-3', 'byTwo', 'E_DOWNGRADE signer_changed'],
    ['another', 'acme-3', 'byPem', 'E_DOWNGRADE signer_changed'],
    ['one of which nobody knows any more', 'gone', 'byOne', 'E_DOWNGRADE signer_changed'],
    ['one called nothing', '', 'byOne', 'E_DOWNGRADE signer_changed'],
    ['nobody', 'acme-3', 'none', 'E_DOWNGRADE signature_removed'],
    ['both, the same and another', 'acme-3', 'both', 'not refused'],
  ])('comes one by %s [R-TRUST-6]', async (_, before, by, outcome) => {
    const inside = { byOne, byTwo, byPem, none: {}, both: { ...byPem, ...byOne } }[by] ?? {};
    for (const require of ['none', 'integrity']) {
      const asked = { trust: { require, keys: chain }, inside, previous: previous(before) };
      expect(await refusalOf(() => judge(asked))).toMatch(outcome);
      expect((await judge({ ...asked, accept: { signerChange: true } })).ok).toBe(true);
      expect(await refusalOf(() => judge({ ...asked, accept: { signerChange: false } }))).toMatch(outcome);
    }
  });

  it('accepting another signer accepts nothing else [R-TRUST-6]', async () => {
    const asked = { previous: previous('acme-3'), accept: { signerChange: true } };
    const strict = { require: 'signature', keys: chain };
    expect(await refusalOf(() => judge({ ...asked, trust: strict }))).toBe('E_SIGNATURE signature_missing');
    expect(await refusalOf(() => judge({ ...asked, trust: strict, inside: byOne, version: '9.9.9' }))).toBe(
      'E_SIGNATURE signature_wrong',
    );
  });

  it('that nobody verified, anything may come [R-TRUST-6]', async () => {
    const asked = { trust: { keys: chain }, previous: previous('acme-3', false) };
    expect((await judge(asked)).signature).toBeUndefined();
    expect((await judge({ ...asked, inside: byPem })).signature?.signer).toBe('beta');
  });

  it('the signature kept is the one that goes on [R-TRUST-6]', async () => {
    const asked = { trust: { keys: chain }, inside: { ...byOne, ...byPem } };
    expect((await judge({ ...asked, previous: previous('beta') })).signature).toMatchObject({ signer: 'beta' });
    expect((await judge({ ...asked, previous: previous('acme') })).signature).toMatchObject({ signer: 'acme-3' });
  });
});

describe('the policies of a company and a user together', () => {
  const corpTable = { require: 'signature', keys: [keyOf('corp')] };
  const corp = parseTrust(corpTable, 'corp.toml');

  it.each([
    ['lowers what is required', { require: 'none' }],
    ['exempts a source', { sources: [{ match: SOURCE, require: 'none' }] }],
    ['knows a signer of its own', { keys: [pemOf('mine')] }],
    ['requires its own signer', { require: 'signature', keys: [pemOf('mine')] }],
  ])('stay strict when the user %s [R-TRUST-8]', async (_, table) => {
    const policy = combineTrust(corp, parseTrust(table, 'user.toml'));
    expect(await refusalOf(() => judge({ policy, inside: byPem }))).toBe('E_SIGNATURE signature_missing');
    expect(await refusalOf(() => judge({ policy }))).toBe('E_SIGNATURE signature_missing');
  });

  it('take no signer of the user for the sum the company wants known [R-TRUST-8]', async () => {
    const asCorp = parseTrust({ require: 'integrity', keys: [keyOf('corp')] }, 'corp.toml');
    const policy = combineTrust(asCorp, parseTrust({ keys: [pemOf('mine')] }, 'user.toml'));
    const asked = { policy, wasExpected: false };
    expect(await refusalOf(() => judge({ ...asked, inside: byPem }))).toBe('E_INTEGRITY integrity_unknown');
    expect((await judge({ ...asked, inside: byOne })).signature?.signer).toBe('corp');
  });

  it('let the user build upon the signers of the company [R-TRUST-8]', async () => {
    const policy = combineTrust(corp, parseTrust({ require: 'signature' }, 'user.toml'));
    expect((await judge({ policy, inside: byOne })).signature?.signer).toBe('corp');
  });

  it('refuse what either refuses, and nothing else [R-TRUST-8]', async () => {
    const require = fc.constantFrom('none', 'integrity', 'signature');
    const sources = fc.constantFrom(
      [],
      [{ match: 'github:acme/*', require: 'signature' }],
      [{ match: SOURCE, require: 'none' }],
    );
    const table = fc.record({ require, sources });
    const signed = fc.constantFrom('byOne', 'byPem', 'none');
    await fc.assert(
      fc.asyncProperty(table, table, signed, fc.boolean(), async (first, second, by, wasExpected) => {
        const inside = { byOne, byPem, none: {} }[by] ?? {};
        const keys = [keyOf('corp'), pemOf('other')];
        const asCorp = parseTrust({ ...first, keys }, 'corp.toml');
        // What the user knows of signers comes from the company here, so alone it needs to be told.
        const alone = parseTrust({ ...second, keys }, 'user.toml');
        const asUser = { layers: alone.layers.map((layer) => ({ ...layer, keys: [] })) };
        const accepts = async (policy: typeof asCorp) =>
          (await refusalOf(() => judge({ policy, inside, wasExpected }))).startsWith('not refused');
        expect(await accepts(combineTrust(asCorp, asUser))).toBe((await accepts(asCorp)) && (await accepts(alone)));
      }),
      { numRuns: 100 },
    );
  });

  it('that call two signers the same are refused [R-TRUST-8, R-TRUST-9]', async () => {
    const user = parseTrust({ keys: [pemOf('corp')] }, 'user.toml');
    expect(await refusalOf(() => combineTrust(corp, user))).toBe('E_USAGE trust');
  });

  it('are the one when there is no other', () => {
    expect(combineTrust(corp, parseTrust(undefined, 'user.toml'))).toEqual(corp);
    expect(combineTrust(parseTrust(undefined, 'corp.toml'), corp)).toEqual(corp);
  });
});

describe('a question', () => {
  it.each([
    ['an id of two lines', { id: 'a\nversion: 1' }],
    ['no tree', { tree: '' }],
    ['a tree of another algorithm', { tree: `md5:${'0'.repeat(32)}` }],
  ])('with %s is not answered [R-TRUST-1]', async (_, wrong) => {
    expect(await refusalOf(() => judge({ ...SIGNED, ...wrong }))).toBe('E_USAGE');
  });

  it('about a source with a hidden character is answered with the character shown', async () => {
    const trust = { require: 'integrity' };
    const source = 'github:acme/aws\u202e\u001b[2J';
    const error = await judge({ trust, source, wasExpected: false }).catch((thrown: unknown) => thrown);
    expect((error as SkillError).message).toContain('\\u{202e}\\u{1b}');
  });
});
