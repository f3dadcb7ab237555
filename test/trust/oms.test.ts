import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTrust } from '../../src/trust/index.ts';
import type { RawFile } from '../../src/tree/raw-file.ts';
import { FILES, judge, refusalOf, sha256 } from './support.ts';
import { envelopWith, ISSUER, type SigstoreWorld, startSigstore, SUBJECT } from './sigstore-world.ts';

const TYPE = 'application/vnd.in-toto+json';
const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const key = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
const trust = { require: 'signature', keys: [{ name: 'acme', kind: 'cosign', key }] };

interface Resource {
  name: string;
  algorithm: string;
  digest: string;
}
const resourcesOf = (files: readonly RawFile[]): Resource[] =>
  files
    .map(({ path, bytes }) => ({ name: path, algorithm: 'sha256', digest: sha256(bytes) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** What the OpenSSF tools state of a folder. */
function stateOf(resources: readonly Resource[]) {
  const root = sha256(Buffer.from(resources.map(({ digest }) => digest).join(''), 'hex'));
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'aws', digest: { sha256: root } }],
    predicateType: 'https://model_signing/signature/v1.0',
    predicate: {
      serialization: { method: 'files', hash_type: 'sha256', allow_symlinks: false, ignore_paths: ['.git'] },
      resources,
    },
  };
}
type State = ReturnType<typeof stateOf>;

const sign = (statement: unknown, type = TYPE) =>
  envelopWith(pair.privateKey, Buffer.from(JSON.stringify(statement)), type);
const verdict = (statement: unknown, files = FILES) =>
  judge({ trust, files, inside: { 'skill.oms.sig': sign(statement) } });
const file = (path: string, text = ''): RawFile => ({ path, bytes: Buffer.from(text), executable: false });

describe('an OpenSSF model signature', () => {
  it('over every file of the tree is one [R-TRUST-11]', async () => {
    const answer = await verdict(stateOf(resourcesOf(FILES)));
    expect(answer.signature).toEqual({ kind: 'oms', signer: 'acme', verified: true });
  });

  it.each([
    [
      'with another byte',
      [{ ...file('skill.toml', '[skill]\r'), executable: false }, ...FILES.slice(1)],
      'file_changed',
    ],
    ['with a file more', [...FILES, file('tools/run.py', 'x')], 'file_unlisted'],
    ['with an empty file more', [...FILES, file('z')], 'file_unlisted'],
    ['with a file that git ignores', [...FILES, file('.gitignore', '*')], 'file_unlisted'],
    ['with a file in what git keeps', [...FILES, file('.git/hooks/post-checkout', 'x')], 'file_unlisted'],
    ['with a file less', FILES.slice(1), 'file_missing'],
    ['with no files', [], 'file_missing'],
    ['with a file of another case', [file('Skill.toml', '[skill]\n'), ...FILES.slice(1)], 'file_unlisted'],
    ['with two files exchanged', swapped(), 'file_changed'],
  ])('is refused for a folder %s, whatever is required [R-TRUST-3, R-TRUST-11]', async (_, files, reason) => {
    const inside = { 'skill.oms.sig': sign(stateOf(resourcesOf(FILES))) };
    for (const require of ['none', 'signature']) {
      const asked = { trust: { ...trust, require }, files: files as readonly RawFile[], inside };
      expect(await refusalOf(() => judge(asked))).toBe(`E_SIGNATURE ${reason}`);
    }
  });

  it.each(['skill.minisig', 'skill.asc', '.git/config'])(
    'may list %s, which is no part of a tree [R-TRUST-11]',
    async (path) => {
      const statement = stateOf(resourcesOf([...FILES, file(path, 'x')]));
      expect((await verdict(statement)).signature?.signer).toBe('acme');
    },
  );

  it.each([
    ['.gitignore', 'file_missing'],
    ['sub/skill.minisig', 'file_missing'],
    ['sub/.git/config', 'file_missing'],
  ])('may not list %s when it is not there [R-TRUST-11]', async (path, reason) => {
    const statement = stateOf(resourcesOf([...FILES, file(path, 'x')]));
    expect(await refusalOf(() => verdict(statement))).toBe(`E_SIGNATURE ${reason}`);
  });

  it('hides no file behind its list of ignored paths [R-TRUST-11]', async () => {
    const statement = stateOf(resourcesOf(FILES));
    statement.predicate.serialization.ignore_paths.push('tools', 'tools/run.py');
    const files = [...FILES, file('tools/run.py', 'x')];
    expect(await refusalOf(() => verdict(statement, files))).toBe('E_SIGNATURE file_unlisted');
  });

  const change = (write: (state: State, resources: Resource[]) => void) => (): unknown => {
    const resources = resourcesOf(FILES);
    const state = stateOf(resources);
    write(state, resources);
    return state;
  };
  it.each([
    ['null', () => null, 'algorithm_unknown'],
    ['a list', () => [], 'algorithm_unknown'],
    ['another statement', change((state) => (state._type = 'https://in-toto.io/Statement/v0.1')), 'algorithm_unknown'],
    ['provenance', change((state) => (state.predicateType = 'https://slsa.dev/provenance/v1')), 'algorithm_unknown'],
    [
      'the older form',
      change((state) => (state.predicateType = 'https://model_signing/Digests/v0.1')),
      'algorithm_unknown',
    ],
    ['shards', change(({ predicate }) => (predicate.serialization.method = 'file-shard-1048576')), 'algorithm_unknown'],
    ['another sum', change(({ predicate }) => (predicate.serialization.hash_type = 'blake3')), 'algorithm_unknown'],
    ['another sum for one file', change((_, [first]) => first && (first.algorithm = 'md5')), 'algorithm_unknown'],
    ['no sum for one file', change((_, [first]) => first && (first.algorithm = 'none')), 'algorithm_unknown'],
    [
      'a shortened digest',
      change((_, [first]) => first && (first.digest = first.digest.slice(2))),
      'signature_malformed',
    ],
    [
      'a digest in capitals',
      change((_, [first]) => first && (first.digest = first.digest.toUpperCase())),
      'signature_malformed',
    ],
    ['a file twice', change((_, list) => list.push(...list.slice(0, 1))), 'signature_malformed'],
    ['another order than its sum', change((_, list) => list.push(...list.splice(0, 1))), 'signature_malformed'],
    ['two subjects', change(({ subject }) => subject.push(...subject)), 'signature_malformed'],
    ['no subject', change(({ subject }) => subject.pop()), 'signature_malformed'],
    [
      'no files',
      () => ({ ...stateOf([]), predicate: { ...stateOf([]).predicate, resources: {} } }),
      'signature_malformed',
    ],
    ['an empty list', () => stateOf([]), 'file_unlisted'],
    [
      'a path that is a number',
      () => stateOf([{ name: 7 as unknown as string, algorithm: 'sha256', digest: sha256(Buffer.of()) }]),
      'signature_malformed',
    ],
    [
      'a path of a prototype',
      () => stateOf([...resourcesOf(FILES), { name: '__proto__', algorithm: 'sha256', digest: sha256(Buffer.of()) }]),
      'file_missing',
    ],
  ])('that states %s is refused [R-TRUST-11, R-TRUST-12]', async (_, state, reason) => {
    expect(await refusalOf(() => verdict(state()))).toBe(`E_SIGNATURE ${reason}`);
  });

  it.each([
    ['of another type', () => sign(stateOf(resourcesOf(FILES)), 'text/plain'), 'algorithm_unknown'],
    ['of no JSON', () => envelopWith(pair.privateKey, Buffer.from('x'), TYPE), 'signature_malformed'],
    ['without signatures', () => edit((envelope) => (envelope.signatures = [])), 'signature_malformed'],
    [
      'with two signatures',
      () => edit((envelope) => envelope.signatures.push(...envelope.signatures)),
      'signature_malformed',
    ],
    ['with another payload', () => edit((envelope) => (envelope.payload = 'e30=')), 'signature_missing'],
  ])('in an envelope %s is refused [R-TRUST-12]', async (_, write, reason) => {
    expect(await refusalOf(() => judge({ trust, inside: { 'skill.oms.sig': write() } }))).toBe(`E_SIGNATURE ${reason}`);
  });

  it('is no plain bundle, and a plain bundle is none [R-TRUST-12]', async () => {
    const envelope = sign(stateOf(resourcesOf(FILES)));
    const asked = { trust, inside: { 'skill.sigstore.json': envelope } };
    expect(await refusalOf(() => judge(asked))).toBe('E_SIGNATURE signature_missing');
    const { signStatement } = await import('../../src/trust/index.ts');
    const secret = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const plain = await signStatement(Buffer.from('x'), secret);
    expect(await refusalOf(() => judge({ trust, inside: { 'skill.oms.sig': plain.bytes } }))).toBe(
      'E_SIGNATURE algorithm_unknown',
    );
  });

  it('of any files holds for those alone [R-TRUST-11]', async () => {
    const path = fc.stringMatching(/^[a-z]{1,4}(\/[a-z]{1,4})?$/);
    const files = fc.uniqueArray(
      fc.record({ path, bytes: fc.uint8Array({ maxLength: 8 }), executable: fc.boolean() }),
      {
        selector: (of) => of.path,
        minLength: 1,
        maxLength: 8,
      },
    );
    await fc.assert(
      fc.asyncProperty(files, fc.nat(), async (all, at) => {
        const statement = stateOf(resourcesOf(all));
        expect((await verdict(statement, all)).signature?.signer).toBe('acme');
        const changed = all.map((of, index) =>
          index === at % all.length ? { ...of, bytes: Buffer.concat([of.bytes, Buffer.of(1)]) } : of,
        );
        expect(await refusalOf(() => verdict(statement, changed))).toBe('E_SIGNATURE file_changed');
      }),
      { numRuns: 30 },
    );
  });
});

describe('an OpenSSF model signature with a certificate', () => {
  let world: SigstoreWorld;
  beforeAll(async () => {
    world = await startSigstore();
  });
  afterAll(() => world.close());

  it('is verified as a bundle is, and its files as ever [R-TRUST-10, R-TRUST-11]', async () => {
    const statement = Buffer.from(JSON.stringify(stateOf(resourcesOf(FILES))));
    const inside = { 'skill.oms.sig': await world.envelop(statement, TYPE) };
    const identity = { name: 'release', issuer: ISSUER, subject: SUBJECT };
    const table = { require: 'signature', root: 'root.json', identities: [identity] };
    const policy = parseTrust(table, 'config.toml', () => world.root);
    expect((await judge({ policy, inside })).signature).toEqual({ kind: 'oms', signer: 'release', verified: true });
    expect(await refusalOf(() => judge({ policy, inside, files: FILES.slice(1) }))).toBe('E_SIGNATURE file_missing');
  });

  it('by somebody unknown is none, and its files are not looked at [R-TRUST-4]', async () => {
    const inside = { 'skill.oms.sig': await world.envelop(Buffer.from('{}'), TYPE) };
    const answer = await judge({ trust: { require: 'none' }, inside });
    expect(answer.signature).toBeUndefined();
    expect(answer.steps.map(({ says }) => says).join()).toContain('whom nobody here knows');
  });
});

function swapped(): RawFile[] {
  const [one, other] = FILES;
  return one === undefined || other === undefined
    ? []
    : [
        { ...one, bytes: other.bytes },
        { ...other, bytes: one.bytes },
      ];
}

// oxlint-disable-next-line typescript/no-explicit-any -- an envelope is reached into at every depth
function edit(change: (envelope: any) => void): Uint8Array {
  const json = JSON.parse(new TextDecoder().decode(sign(stateOf(resourcesOf(FILES)))));
  change(json.dsseEnvelope);
  return Buffer.from(JSON.stringify(json));
}
