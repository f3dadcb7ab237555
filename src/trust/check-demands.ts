import { quote } from '../../host/index.ts';
import type { Finding } from './finding.ts';
import type { TrustQuestion } from './question.ts';
import { predecessorsOf } from './policy/check-rotation.ts';
import { findRule } from './policy/find-rule.ts';
import type { SourceRule, TrustIdentity, TrustKey } from './policy/policy.ts';
import { signersOf } from './policy/signers-of.ts';
import { refusal } from './reasons.ts';
import type { Steps } from './steps.ts';

type Signer = TrustKey | TrustIdentity;

interface Demand {
  /** The signers the layer knows. */
  readonly known: readonly Signer[];
  /** Those of them that count. */
  readonly own: readonly Signer[];
  /** What is required of what, and by whom. */
  readonly says: string;
  readonly steps: Steps;
}

/** Checks what each layer requires of the source. @throws SkillError E_SIGNATURE, E_INTEGRITY */
export function checkDemands(question: TrustQuestion, findings: readonly Finding[], steps: Steps): void {
  const { policy, source } = question;
  if (policy.layers.length === 0) steps.note('No policy says whom to trust, and nothing is required.');
  for (const [index, layer] of policy.layers.entries()) {
    const rule = findRule(layer, source);
    // What a layer requires, only its own signers and those above it can give.
    const known = signersOf(policy.layers.slice(0, index + 1));
    const own = known.filter(({ name }) => rule.signers?.includes(name) ?? true);
    const says = `${layer.where} requires ${rule.require} of ${quote(source)} (rule ${quote(rule.match)})`;
    if (rule.require === 'none') steps.note(`${says}.`);
    else if (rule.require === 'integrity') checkIntegrity(question, findings, { known, own, says, steps });
    else checkSigners(rule, findings, { known, own, says, steps });
  }
}

function checkIntegrity(
  { wasExpected, source }: TrustQuestion,
  findings: readonly Finding[],
  { own, says, steps }: Demand,
): void {
  if (wasExpected) return steps.pass(`${says}: the sum was known before, and is the same.`);
  const isSigned = findings.some(({ signers }) => signers.some((signer) => own.includes(signer)));
  if (isSigned) return steps.pass(`${says}: a trusted signature covers the content.`);
  const message = `Nothing says what ${quote(source)} should be: no sum was known before it was fetched.`;
  throw refusal('integrity_unknown', message, 'name its sum, as in #sha256=…, or have it signed');
}

function checkSigners(
  { signers, threshold }: SourceRule,
  findings: readonly Finding[],
  { known, own, says, steps }: Demand,
): void {
  const seen = new Set<string>();
  const counted: string[] = [];
  for (const { signers: by } of findings) {
    const signer = by.find((entry) => own.includes(entry));
    if (signer === undefined) continue;
    // A key and the one it replaces are in one hand.
    const oldest = predecessorsOf(signer, known).at(-1) ?? signer.name;
    if (!seen.has(oldest)) counted.push(signer.name);
    seen.add(oldest);
  }
  if (counted.length >= threshold) return steps.pass(`${says}: signed by ${counted.join(' and ')}.`);
  const whom = signers?.join(', ') ?? 'the keys and identities of the policy';
  const hint = 'ask its publisher for a signed version, or make an exception in [[trust.sources]]';
  if (counted.length === 0) {
    throw refusal('signature_missing', `${says}, and none of ${whom} signed it.`, hint);
  }
  const message = `${says} by ${threshold} of ${whom}, and only ${counted.join(' and ')} signed it.`;
  throw refusal('threshold_missed', message, hint);
}
