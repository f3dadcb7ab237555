import { type Grant, type GrantableCapability, isGrantable } from './grant.ts';

/** Of a grant, what `kept` says yes to. */
function filterGrant(grant: Grant, kept: (capability: GrantableCapability, scope: string) => boolean): Grant {
  const entries = Object.entries(grant).flatMap(([name, scopes]) => {
    if (!isGrantable(name)) return [];
    const left = scopes.filter((scope) => kept(name, scope));
    return left.length === 0 ? [] : [[name, left] as const];
  });
  return Object.fromEntries(entries);
}

/** What two grants have in common, scope by scope as they are written. */
export function commonGrant(a: Grant, b: Grant): Grant {
  return filterGrant(a, (name, scope) => (b[name] ?? []).includes(scope));
}

/** What of `a` is not in `b`, scope by scope as they are written. */
export function beyondGrant(a: Grant, b: Grant): Grant {
  return filterGrant(a, (name, scope) => !(b[name] ?? []).includes(scope));
}

/** The capabilities of a grant that `asks` says nothing of. */
export function unaskedIn(grant: Grant, asks: Grant): readonly GrantableCapability[] {
  return Object.keys(filterGrant(grant, (name) => asks[name] === undefined)).filter(isGrantable);
}

/** A grant without some capabilities. */
export function withoutCapabilities(grant: Grant, names: ReadonlySet<GrantableCapability>): Grant {
  return filterGrant(grant, (name) => !names.has(name));
}
