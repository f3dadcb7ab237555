import fc from 'fast-check';
import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { combineTrust, parseTrust, type SignatureFile, signStatement, statementOf } from '../../src/trust/index.ts';
import { judge, minisignPair, refusalOf, SIGNED, STATEMENT } from './support.ts';

// The rules of docs/trust.md once more, as plainly as they can be written, against random policies, packages and histories.

const minisign = minisignPair();
const pem = generateKeyPairSync('ed25519');
const PUBLIC = [minisign.text, pem.publicKey.export({ format: 'pem', type: 'spki' }).toString()] as const;
const SECRET = [minisign.secret, pem.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()] as const;
const KINDS = ['minisign', 'cosign'] as const;
const FILES: readonly SignatureFile[] = ['skill.minisig', 'skill.sigstore.json'];

/** One policy: which of the two keys it knows, whether they are revoked, whether the second replaces the first. */
interface Layer {
  readonly require: string;
  readonly knows: readonly [boolean, boolean];
  readonly revoked: readonly [boolean, boolean];
  readonly isChain: boolean;
  readonly rule: 'none' | 'lax' | 'first' | 'both';
}
/** Whether each of the two keys signed this, signed something else, or signed nothing. */
type Signing = 'right' | 'wrong' | 'no';
interface Case {
  readonly corp: Layer;
  readonly user: Layer;
  readonly signed: readonly [Signing, Signing];
  readonly wasExpected: boolean;
  readonly previous: string | undefined;
  readonly accepts: boolean;
}

const layer: fc.Arbitrary<Layer> = fc.record({
  require: fc.constantFrom('none', 'integrity', 'signature'),
  knows: fc.tuple(fc.boolean(), fc.boolean()),
  revoked: fc.tuple(unlikely(), unlikely()),
  isChain: fc.boolean(),
  rule: fc.constantFrom('none', 'none', 'lax', 'first', 'both'),
});
const signing = fc.constantFrom<Signing[]>('right', 'right', 'right', 'no', 'no', 'wrong');
const cases: fc.Arbitrary<Case> = fc.record({
  corp: layer,
  user: layer,
  signed: fc.tuple(signing, signing),
  wasExpected: fc.boolean(),
  previous: fc.constantFrom(undefined, undefined, 'corp-0', 'corp-1', 'user-0', 'user-1', 'gone'),
  accepts: unlikely(),
});

function unlikely(): fc.Arbitrary<boolean> {
  return fc.integer({ min: 0, max: 5 }).map((n) => n === 0);
}

const hasChain = ({ isChain, knows }: Layer): boolean => isChain && knows[0] && knows[1];
/** A rule names signers, so it is only written where the layer knows them. */
const ruleOf = ({ rule, knows }: Layer): Layer['rule'] =>
  (rule === 'first' && !knows[0]) || (rule === 'both' && !(knows[0] && knows[1])) ? 'none' : rule;

/** What is to come of a case. */
function expected({ corp, user, signed, wasExpected, previous, accepts }: Case): string {
  const layers = [
    { ...corp, name: 'corp' },
    { ...user, name: 'user' },
  ];
  const keys = [0, 1] as const;
  for (const key of keys) {
    const knowing = layers.filter(({ knows }) => knows[key]);
    if (signed[key] === 'no' || knowing.length === 0) continue;
    if (signed[key] === 'wrong') return 'E_SIGNATURE signature_wrong';
    if (knowing.some(({ revoked }) => revoked[key])) return 'E_SIGNATURE key_revoked';
  }
  const good = keys.filter((key) => signed[key] === 'right' && layers.some(({ knows }) => knows[key]));
  for (const [index, at] of layers.entries()) {
    const rule = ruleOf(at);
    const require = { none: at.require, lax: 'none', first: 'signature', both: 'signature' }[rule];
    const above = layers.slice(0, index + 1);
    const counting = good.filter((key) => {
      if (rule === 'first') return key === 0;
      return rule === 'both' ? true : above.some(({ knows }) => knows[key]);
    });
    if (require === 'integrity' && !wasExpected && counting.length === 0) return 'E_INTEGRITY integrity_unknown';
    if (require !== 'signature') continue;
    if (counting.length === 0) return 'E_SIGNATURE signature_missing';
    const signers = counting.length === 2 && hasChain(at) ? 1 : counting.length;
    if (rule === 'both' && signers < 2) return 'E_SIGNATURE threshold_missed';
  }
  if (previous === undefined || accepts) return 'not refused';
  const heirs = good.flatMap((key) =>
    layers
      .filter(({ knows }) => knows[key])
      .flatMap((of) => (key === 1 && hasChain(of) ? [`${of.name}-1`, `${of.name}-0`] : [`${of.name}-${key}`])),
  );
  if (heirs.includes(previous)) return 'not refused';
  return good.length === 0 ? 'E_DOWNGRADE signature_removed' : 'E_DOWNGRADE signer_changed';
}

function policyOf(of: Layer, name: string) {
  const keys = ([0, 1] as const)
    .filter((key) => of.knows[key])
    .map((key) => ({
      name: `${name}-${key}`,
      kind: KINDS[key],
      key: PUBLIC[key],
      ...(of.revoked[key] && { revoked: '2026-01-01' }),
      ...(key === 1 && hasChain(of) && { replaces: `${name}-0` }),
    }));
  const rules = {
    none: [],
    lax: [{ match: 'github:*', require: 'none' }],
    first: [{ match: 'github:*', require: 'signature', signers: [`${name}-0`] }],
    both: [{ match: 'github:*', require: 'signature', signers: [`${name}-0`, `${name}-1`], threshold: 2 }],
  };
  return parseTrust({ require: of.require, keys, sources: rules[ruleOf(of)] }, `${name}.toml`);
}

describe('any policy, package and history', () => {
  const made = new Map<string, Uint8Array>();
  beforeAll(async () => {
    const other = statementOf({ ...SIGNED, version: '9.9.9' });
    for (const [key, secret] of SECRET.entries()) {
      made.set(`right ${key}`, (await signStatement(STATEMENT, secret)).bytes);
      made.set(`wrong ${key}`, (await signStatement(other, secret)).bytes);
    }
  });

  it('come to what the rules say [R-TRUST-3, R-TRUST-4, R-TRUST-5, R-TRUST-6, R-TRUST-7, R-TRUST-8]', async () => {
    const met = new Set<string>();
    await fc.assert(
      fc.asyncProperty(cases, async (of) => {
        const inside = Object.fromEntries(
          FILES.flatMap((file, key) => {
            const bytes = made.get(`${of.signed[key]} ${key}`);
            return bytes === undefined ? [] : [[file, bytes]];
          }),
        );
        const outcome = await refusalOf(() =>
          judge({
            policy: combineTrust(policyOf(of.corp, 'corp'), policyOf(of.user, 'user')),
            inside,
            wasExpected: of.wasExpected,
            previous: of.previous === undefined ? undefined : { signer: of.previous, verified: true, version: '1.1.0' },
            accept: { signerChange: of.accepts },
          }),
        );
        const short = outcome.startsWith('not refused') ? 'not refused' : outcome;
        met.add(short);
        expect(short).toBe(expected(of));
      }),
      { numRuns: 1_500 },
    );
    // A run that met only some of the outcomes would prove less than it says.
    expect(met.size).toBe(8);
  });
});
