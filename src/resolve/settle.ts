import { byText, type Candidate } from './candidate.ts';
import type { Fits } from './fits.ts';
import type { Linker, OpenLink, Relaxed } from './link.ts';

/**
 * Who meets the needs that several could: the first by name of those that were chosen for other reasons, and that do
 * not themselves need the one that asks.
 */
export function settleOpen(
  chosen: ReadonlyMap<string, Candidate>,
  linker: Linker,
  relaxed: Relaxed,
  fits: Fits,
): { readonly met: ReadonlyMap<OpenLink, string> } | { readonly unmet: OpenLink } {
  const met = new Map<OpenLink, string>();
  const ids = [...chosen.keys()].toSorted(byText);
  for (const id of ids) {
    for (const link of chosen.has(id) ? linker.of(chosen.get(id) as Candidate).open : []) {
      if (relaxed.ambiguity === true) continue;
      const need = relaxed.features === true ? { ...link.need, features: [] } : link.need;
      const able = ids.filter((one) => fits.asProvider(chosen.get(one) as Candidate, need));
      const provider = able.find((one) => relaxed.cycles === true || !leadsTo(one, id, { chosen, linker, met }));
      if (provider === undefined) return { unmet: link };
      met.set(link, provider);
    }
  }
  return { met };
}

interface Graph {
  readonly chosen: ReadonlyMap<string, Candidate>;
  readonly linker: Linker;
  readonly met: ReadonlyMap<OpenLink, string>;
}

function leadsTo(from: string, to: string, { chosen, linker, met }: Graph): boolean {
  const seen = new Set<string>();
  const queue = [from];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (id === to) return true;
    const candidate = chosen.get(id);
    if (seen.has(id) || candidate === undefined) continue;
    seen.add(id);
    const { firm, open } = linker.of(candidate);
    queue.push(...firm.map(({ target }) => target), ...open.flatMap((link) => met.get(link) ?? []));
  }
  return false;
}
