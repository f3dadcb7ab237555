import type { RawFile } from '../tree/raw-file.ts';
import { checkPayload } from './check-payload.ts';
import { checkValidity, type Claim, type Finding, type SignatureKind } from './finding.ts';
import type { TrustQuestion } from './question.ts';
import type { TrustLayer } from './policy/policy.ts';
import { refusal } from './reasons.ts';
import { verifySigstore } from './sigstore/verify-sigstore.ts';
import { verifyOms } from './sigstore/verify-oms.ts';
import { SIGNATURE_FILES, type SignatureFile } from './statement.ts';
import type { Steps } from './steps.ts';
import { verifyCosign } from './verify-cosign.ts';
import { verifyGpg } from './verify-gpg.ts';
import { verifyMinisign } from './minisign/verify-minisign.ts';

const KINDS: Readonly<Record<SignatureFile, SignatureKind>> = {
  'skill.minisig': 'minisign',
  'skill.asc': 'gpg',
  'skill.sigstore.json': 'sigstore',
  'skill.oms.sig': 'oms',
};
/** Bytes of a signature; a list of files takes some hundred for each. */
const MOST_BYTES: Readonly<Record<SignatureKind, number>> = {
  minisign: 16_384,
  cosign: 1_024,
  gpg: 65_536,
  sigstore: 262_144,
  oms: 4_194_304,
};
const MOST_BESIDE = 16;

/** What signatures are verified with. */
interface Circumstances {
  readonly layers: readonly TrustLayer[];
  readonly files: readonly RawFile[];
  readonly now: Date;
}

/**
 * Verifies every signature there is, those nobody asked for too: one that is wrong is a sign that somebody was at the
 * package. @throws SkillError E_SIGNATURE, E_USAGE, E_UNSUPPORTED
 */
export async function collectFindings(
  question: TrustQuestion,
  statement: Uint8Array,
  steps: Steps,
): Promise<readonly Finding[]> {
  const { policy, files, now, signatures } = question;
  const found: Finding[] = [];
  for (const claim of claimsOf(question, statement)) {
    const finding = await verifyClaim(claim, { layers: policy.layers, files, now });
    if (finding === undefined) {
      steps.note(`${claim.where} attests something, and is no signature.`);
      continue;
    }
    checkValidity(finding, now);
    note(finding, steps);
    found.push(finding);
  }
  if (signatures.inside.size + signatures.beside.length === 0) steps.note('There is no signature.');
  return found;
}

function claimsOf({ signatures, source }: TrustQuestion, statement: Uint8Array): Claim[] {
  if (signatures.beside.length > MOST_BESIDE) throw tooLarge(`There are over ${MOST_BESIDE} signatures beside it.`);
  const claims: Claim[] = [];
  for (const file of SIGNATURE_FILES) {
    const signature = signatures.inside.get(file);
    if (signature !== undefined) claims.push({ kind: KINDS[file], where: file, signature, payload: statement });
  }
  for (const { kind, signature, payload } of signatures.beside) {
    const where = `The ${kind} signature beside the package`;
    checkPayload(where, payload, source);
    claims.push({ kind, where, signature, payload });
  }
  for (const { kind, where, signature } of claims) {
    if (signature.length > MOST_BYTES[kind]) throw tooLarge(`${where} is over ${MOST_BYTES[kind]} bytes.`);
  }
  return claims;
}

async function verifyClaim(claim: Claim, { layers, files, now }: Circumstances): Promise<Finding | undefined> {
  const keys = layers.flatMap((layer) => layer.keys);
  switch (claim.kind) {
    case 'minisign':
      return verifyMinisign(claim, keys);
    case 'cosign':
      return verifyCosign(claim, keys);
    case 'gpg':
      return verifyGpg(claim, keys, now);
    case 'sigstore':
      return verifySigstore(claim, layers);
    case 'oms':
      return verifyOms(claim, layers, files);
  }
}

function note({ signers, where, by }: Finding, steps: Steps): void {
  const names = signers.map(({ name }) => name).join(' and ');
  if (signers.length > 0) steps.pass(`${where} is by ${names} (${by}) and vouches for this package as it is.`);
  else steps.note(`${where} is by ${by}, whom nobody here knows; it counts as no signature.`);
}

function tooLarge(message: string): Error {
  return refusal('signature_too_large', message, 'do not use this package; ask its publisher for another');
}
