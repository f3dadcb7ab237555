import { CEILINGS, type LimitName, type Limits } from '../../host/index.ts';
import type { TableReader } from './table-reader.ts';

/** `[limits]`: what the skill asks of the runtime, more or less than its defaults, never over the hard ceilings. */
export function readLimits(root: TableReader): Partial<Limits> {
  const limits = root.section('limits');
  const asked: { -readonly [Name in LimitName]?: number } = {};
  for (const name of Object.keys(CEILINGS) as LimitName[]) {
    const value = limits.whole(name, { min: 1, max: CEILINGS[name].hard, unit: CEILINGS[name].unit });
    if (value !== undefined) asked[name] = value;
  }
  limits.finish();
  return asked;
}
