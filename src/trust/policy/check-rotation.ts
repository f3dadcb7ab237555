import type { Fields } from './fields.ts';
import type { TrustIdentity, TrustKey } from './policy.ts';

/** A signer, and where it was read. */
export interface Entry<T = TrustKey | TrustIdentity> {
  readonly signer: T;
  readonly fields: Fields;
}

/** Refuses an entry that replaces one that is not there, or in the end itself. @throws SkillError E_USAGE */
export function checkRotation(entries: readonly Entry[]): void {
  const byName = new Map(entries.map((entry) => [entry.signer.name, entry]));
  for (const entry of entries) {
    const seen = new Set<Entry>();
    for (let at = entry; at.signer.replaces !== undefined;) {
      const older = byName.get(at.signer.replaces);
      const isCircle = seen.has(at);
      if (older === undefined || isCircle) {
        const wrong = isCircle ? 'leads back to itself' : 'names no key or identity of this file';
        throw at.fields.fault('replaces', wrong, 'keep the older entry, with the time it was revoked');
      }
      seen.add(at);
      at = older;
    }
  }
}

/** The names of an entry and of all it replaces, newest first. */
export function predecessorsOf(signer: Entry['signer'], signers: readonly Entry['signer'][]): readonly string[] {
  const names = [signer.name];
  for (let at: Entry['signer'] | undefined = signer; at?.replaces !== undefined && !names.includes(at.replaces);) {
    const older: string = at.replaces;
    names.push(older);
    at = signers.find(({ name }) => name === older);
  }
  return names;
}
