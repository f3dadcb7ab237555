import type { FieldPath } from './field-path.ts';
import type { Report } from './report.ts';

/** Where in a manifest one schema stands, and where its problems go. */
export interface SchemaSpot {
  readonly path: FieldPath;
  readonly report: Report;
  /** 1 for the outermost schema. */
  readonly depth: number;
}
