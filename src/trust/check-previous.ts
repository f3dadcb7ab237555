import { quote } from '../../host/index.ts';
import type { Finding } from './finding.ts';
import type { TrustQuestion } from './question.ts';
import { predecessorsOf } from './policy/check-rotation.ts';
import { signersOf } from './policy/signers-of.ts';
import { refusal } from './reasons.ts';
import type { Steps } from './steps.ts';

/**
 * After a version that was signed and verified comes one by the same signer, or by one that replaces it.
 * @throws SkillError E_DOWNGRADE
 */
export function checkPrevious(question: TrustQuestion, known: readonly Finding[], steps: Steps): void {
  const { previous, policy, accept } = question;
  if (previous?.verified !== true) return;
  const all = signersOf(policy.layers);
  const signers = known.flatMap((finding) => finding.signers);
  const heir = signers.find((signer) => predecessorsOf(signer, all).includes(previous.signer));
  const before = `${quote(previous.version)} was signed by ${quote(previous.signer)}`;
  if (heir !== undefined) {
    const how = heir.name === previous.signer ? 'as this is' : `which ${heir.name} replaces`;
    return steps.pass(`The installed version ${before}, ${how}.`);
  }
  const now = signers.length === 0 ? 'nobody who is known here' : signers.map(({ name }) => name).join(' and ');
  if (accept?.signerChange === true) return steps.note(`The installed version ${before}, this by ${now}: accepted.`);
  const message = `The installed version ${before}, and this one by ${now}.`;
  const hint = 'ask the publisher whether this is meant; then accept the change of signer';
  throw refusal(signers.length === 0 ? 'signature_removed' : 'signer_changed', message, hint);
}
