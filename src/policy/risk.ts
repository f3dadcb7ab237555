import type { Grant, GrantableCapability } from './grant.ts';

/** How much harm a capability can do in the hands of somebody hostile. */
export type Risk = 'low' | 'medium' | 'high';

/** One capability of a grant, as a person is asked about it. */
export interface Ask {
  readonly capability: GrantableCapability;
  readonly scopes: readonly string[];
  readonly risk: Risk;
}

/** Within the folder one works in, or the skill's own. */
const NEAR = /^(?:\.\/|\.$|\$CACHE|\$STATE|\$PROJECT_ROOT)/;
/** All of a disk or of a home, all hosts, everything. */
const ALL = /^(?:\*|\/|~\/?|https?:\/\/\*)$/;

/** The riskiest first. */
export function asksOf(grant: Grant): readonly Ask[] {
  const asks = Object.entries(grant).map(([name, scopes]): Ask => {
    const capability = name as GrantableCapability;
    return { capability, scopes, risk: riskOf(capability, scopes) };
  });
  return asks.toSorted((a, b) => RANK[b.risk] - RANK[a.risk]);
}

const RANK: Readonly<Record<Risk, number>> = { low: 0, medium: 1, high: 2 };

function riskOf(capability: GrantableCapability, scopes: readonly string[]): Risk {
  const isAll = scopes.some((scope) => ALL.test(scope));
  const isNear = scopes.every((scope) => NEAR.test(scope));
  switch (capability) {
    case 'terminal_exec':
    case 'secrets_access':
      return 'high';
    case 'filesystem_write':
      // Whoever writes to a home may write what starts with the next shell.
      return isNear ? 'medium' : 'high';
    case 'filesystem_read':
      return isAll ? 'high' : isNear ? 'low' : 'medium';
    case 'network':
    case 'env_read':
      return isAll ? 'high' : 'medium';
    case 'messaging':
      return 'low';
  }
}
