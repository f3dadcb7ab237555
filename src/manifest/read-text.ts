import { quote } from '../../host/index.ts';
import { type FieldPath, formatField } from './field-path.ts';
import type { Report } from './report.ts';
import type { Fault, TextCheck } from './text-checks.ts';
import { describeValue, isRefusedScalar } from './values.ts';

interface Spot {
  readonly path: FieldPath;
  readonly report: Report;
}

interface TextSpot extends Spot {
  readonly check?: TextCheck | undefined;
  /** What to write when there is no text at all. */
  readonly fix?: string;
}

/** The value as a text that passes `check`; undefined, and reported, when it does not. */
export function readText(value: unknown, spot: TextSpot): string | undefined {
  if (typeof value !== 'string') {
    reportType(value, { ...spot, wanted: 'a string', fix: spot.fix ?? 'write text in quotes: "…"' });
    return undefined;
  }
  const fault = spot.check?.(value);
  if (fault === undefined) return value;
  reportFault(value, fault, spot);
  return undefined;
}

export function reportFault(value: string | number, fault: Fault, { path, report }: Spot): void {
  const shown = typeof value === 'number' ? String(value) : quote(value);
  const message = `${formatField(path)} = ${shown}: it ${fault.wrong}`;
  report.error({ code: fault.code, path, message, fix: fault.fix });
}

/** Says that a value has the wrong type, unless it is one of those `checkValues` reports for every field. */
export function reportType(value: unknown, spot: Spot & { readonly wanted: string; readonly fix: string }): void {
  if (isRefusedScalar(value)) return;
  const message = `${formatField(spot.path)} must be ${spot.wanted}, not ${describeValue(value)}`;
  spot.report.error({ code: 'M_TYPE', path: spot.path, message, fix: spot.fix });
}
