import type { TrustIdentity, TrustKey, TrustLayer } from './policy.ts';

/** Every key and identity of some layers. */
export function signersOf(layers: readonly TrustLayer[]): (TrustKey | TrustIdentity)[] {
  return layers.flatMap(({ keys, identities }) => [...keys, ...identities]);
}
