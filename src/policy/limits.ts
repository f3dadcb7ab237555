import {
  CapabilityDenied,
  CEILINGS,
  isLimitName,
  type LimitName,
  type Limits,
  parseLimit,
  quote,
  SkillError,
} from '../../host/index.ts';
import { nearest } from '../manifest/nearest.ts';

/** Limits as somebody wrote them, by name. */
export type WrittenLimits = Readonly<Record<string, unknown>>;

/** One limit of one run, and who decided it. */
export interface LimitDecision {
  readonly value: number;
  /** `default`, `manifest`, `tool`, `runtime`, `option`, or the name of the policy that caps it. */
  readonly from: string;
  /** What would hold without the policy that caps it. */
  readonly asked?: { readonly value: number; readonly from: string };
}

export type LimitDecisions = Readonly<Record<LimitName, LimitDecision>>;

const OPTION = 'option';

/** Reads limits by name. @throws SkillError E_USAGE for an unknown name, or a value that is not from 1 to its ceiling. */
function parseLimits(written: WrittenLimits): Partial<Limits> {
  const parsed: Partial<Record<LimitName, number>> = {};
  for (const [name, value] of Object.entries(written)) {
    if (value === undefined) continue;
    if (!isLimitName(name)) throw unknownLimit(name, `there is no limit ${quote(name)}`);
    parsed[name] = parseLimit(name, value);
  }
  return parsed;
}

/** @param message says where the name was written */
export function unknownLimit(name: string, message: string): SkillError {
  const names = Object.keys(CEILINGS);
  const similar = nearest(name, names);
  return new SkillError('E_USAGE', message, {
    hint: similar === undefined ? `one of ${names.join(', ')}` : `did you mean ${similar}?`,
  });
}

/**
 * What each limit of a run is. Of who may ask, the last one counts: the manifest, the tool, the runtime, the call. Of what policies
 * allow, the least: what a manifest or a default has beyond it is cut to it; a call that asks for more is refused.
 * @throws SkillError E_USAGE for limits that are none; CapabilityDenied for a call that asks for more than a policy allows.
 */
export function decideLimits(
  asked: Readonly<Record<string, WrittenLimits>>,
  caps: Readonly<Record<string, WrittenLimits>>,
): LimitDecisions {
  const voices = Object.entries(asked).map(([from, limits]) => ({ from, limits: parseLimits(limits) }));
  const policies = Object.entries(caps).map(([from, limits]) => ({ from, limits: parseLimits(limits) }));
  const decide = (name: LimitName): LimitDecision => {
    let wanted: LimitDecision = { value: CEILINGS[name].default, from: 'default' };
    for (const { from, limits } of voices) {
      const value = limits[name];
      if (value !== undefined) wanted = { value, from };
    }
    const least = policies.reduce<LimitDecision | undefined>((before, { from, limits }) => {
      const value = limits[name];
      return value === undefined || (before !== undefined && before.value <= value) ? before : { value, from };
    }, undefined);
    if (least === undefined || wanted.value <= least.value) return wanted;
    if (wanted.from === OPTION) throw beyondPolicy(name, wanted.value, least);
    return { ...least, asked: wanted };
  };
  return Object.fromEntries(Object.keys(CEILINGS).map((name) => [name, decide(name as LimitName)])) as LimitDecisions;
}

export function valuesOf(decisions: LimitDecisions): Limits {
  return Object.fromEntries(Object.entries(decisions).map(([name, { value }]) => [name, value])) as Limits;
}

function beyondPolicy(name: LimitName, value: number, { from, value: most }: LimitDecision): CapabilityDenied {
  const message = `${name} = ${value} is denied by ${from}: it allows at most ${most} ${CEILINGS[name].unit}`;
  return new CapabilityDenied(message, {
    layer: from,
    rule: `${name} <= ${most}`,
    hint: `ask for at most --limit ${name}=${most}`,
    details: { limit: name, value: most },
  });
}
