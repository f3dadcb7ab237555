import { SkillError } from '../../../host/index.ts';
import { signersOf } from './signers-of.ts';
import type { TrustPolicy } from './policy.ts';

/**
 * Both policies at once: what either refuses is refused. The signers of the first are known to the second, never the other
 * way round. @throws SkillError E_USAGE when both call a signer the same
 */
export function combineTrust(corp: TrustPolicy, user: TrustPolicy): TrustPolicy {
  const taken = new Set(signersOf(corp.layers).map(({ name }) => name));
  for (const layer of user.layers) {
    const clash = signersOf([layer]).find(({ name }) => taken.has(name));
    if (clash === undefined) continue;
    throw new SkillError(
      'E_USAGE',
      `${layer.where}: the signer ${clash.name} has the name of one of the corp policy.`,
      {
        hint: 'rename yours, or remove it to use the other',
        details: { field: 'trust', name: clash.name },
      },
    );
  }
  return { layers: [...corp.layers, ...user.layers] };
}
