import { SkillError } from '../../host/index.ts';
import { checkPrevious } from './check-previous.ts';
import { checkDemands } from './check-demands.ts';
import { collectFindings } from './collect-findings.ts';
import type { Finding } from './finding.ts';
import { predecessorsOf } from './policy/check-rotation.ts';
import type { TrustPolicy } from './policy/policy.ts';
import { signersOf } from './policy/signers-of.ts';
import type { Previous, TrustQuestion, TrustVerdict } from './question.ts';
import { statementOf } from './statement.ts';
import { Steps } from './steps.ts';

/**
 * Decides whether a package may be used. Touches no network, file or clock.
 * @throws SkillError E_SIGNATURE, E_INTEGRITY or E_DOWNGRADE, with `details.reason` (a TrustReason) and `details.steps`;
 * E_USAGE for a policy that names broken keys, E_UNSUPPORTED when a library is missing
 */
export async function judgeTrust(question: TrustQuestion): Promise<TrustVerdict> {
  const steps = new Steps();
  try {
    const { policy, previous } = question;
    const found = await collectFindings(question, statementOf(question), steps);
    const known = found.filter(({ signers }) => signers.length > 0);
    checkDemands(question, known, steps);
    checkPrevious(question, known, steps);
    return { ok: true, signature: chooseSignature(known, policy, previous), steps: steps.list };
  } catch (error) {
    if (!(error instanceof SkillError)) throw error;
    steps.refuse(error.message);
    const { code, message, hint, details, cause } = error;
    throw new SkillError(code, message, { hint, cause, details: { ...details, steps: steps.list } });
  }
}

/** The signature that goes on from the one before, so that the next update finds its signer again. */
function chooseSignature(
  known: readonly Finding[],
  policy: TrustPolicy,
  previous: Previous | undefined,
): TrustVerdict['signature'] {
  const all = signersOf(policy.layers);
  const options = known.flatMap(({ kind, signers }) => signers.map((signer) => ({ kind, signer })));
  const going = options.find(({ signer }) => predecessorsOf(signer, all).includes(previous?.signer ?? ''));
  const chosen = going ?? options[0];
  return chosen && { kind: chosen.kind, signer: chosen.signer.name, verified: true };
}
