import { CEILINGS, type LimitName, type Limits } from '../../host/index.ts';
import { formatField } from './field-path.ts';
import type { TableReader } from './table-reader.ts';

/** Limits of the format that nothing enforces yet: read so that a manifest can be written for the version that will. */
const NOT_ENFORCED = {
  cpu_percent: { min: 1, max: 100, unit: '%' },
  file_size_mb: { min: 1, max: 1_024, unit: 'MiB' },
} as const;

/** `[limits]`: what the skill asks of the runtime, more or less than its defaults, never over the hard ceilings. */
export function readLimits(root: TableReader): Partial<Limits> {
  const limits = root.section('limits');
  const asked: { -readonly [Name in LimitName]?: number } = {};
  for (const name of Object.keys(CEILINGS) as LimitName[]) {
    const value = limits.whole(name, { min: 1, max: CEILINGS[name].hard, unit: CEILINGS[name].unit });
    if (value !== undefined) asked[name] = value;
  }
  for (const [name, range] of Object.entries(NOT_ENFORCED)) {
    if (limits.whole(name, range) === undefined) continue;
    const path = limits.at(name);
    const message = `${formatField(path)} is not enforced yet by this version of skillhost`;
    limits.report.warn({
      code: 'M_LIMIT_NOT_ENFORCED',
      path,
      message,
      fix: 'do not rely on it; timeout_ms is enforced',
    });
  }
  limits.finish();
  return asked;
}
