import { CEILINGS, isLimitName, type Limits, parseLimit, quote, SkillError } from '../../host/index.ts';
import { unknownLimit } from '../policy/limits.ts';

/** What `--limit` says, such as `timeout_ms=1_000`. @throws SkillError E_USAGE, E_LIMIT */
export function parseLimits(texts: readonly string[]): Partial<Limits> {
  const limits: Record<string, number> = {};
  for (const text of texts) {
    const [, name = text, value] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    if (!isLimitName(name)) throw unknownLimit(name, `--limit ${quote(text)}: there is no limit ${quote(name)}`);
    if (value === undefined || !/^\d[\d_]*$/.test(value)) {
      throw new SkillError('E_USAGE', `--limit ${quote(text)}: it names no whole number`, {
        hint: `write --limit ${name}=${CEILINGS[name].default}`,
      });
    }
    limits[name] = parseLimit(name, Number(value.replaceAll('_', '')));
  }
  return limits;
}
