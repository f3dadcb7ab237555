import type { FieldPath } from './field-path.ts';
import { type Syntax, TOML } from './syntax.ts';

/** A problem before its line and column are looked up. */
export interface Finding {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly path: FieldPath;
  readonly message: string;
  readonly fix: string;
  /** Where it stands, when the one who found it knows; otherwise the path is looked up. */
  readonly place?: Place;
  /** A file of the folder that is not the manifest. */
  readonly file?: string;
}

/** 1-based, columns in UTF-16 units as editors count them. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

type Found = Omit<Finding, 'severity'>;

/** Collects everything wrong with one manifest, so that all of it is told at once. */
export class Report {
  readonly findings: Finding[] = [];
  readonly syntax: Syntax;
  readonly #strict: boolean;

  constructor({ strict = false, syntax = TOML }: { readonly strict?: boolean; readonly syntax?: Syntax } = {}) {
    this.syntax = syntax;
    this.#strict = strict;
  }

  error(found: Found): void {
    this.findings.push({ severity: 'error', ...found });
  }

  warn(found: Found): void {
    this.findings.push({ severity: 'warning', ...found });
  }

  /** A warning that strict reading turns into an error. */
  lint(found: Found): void {
    if (this.#strict) this.error(found);
    else this.warn(found);
  }

  get hasErrors(): boolean {
    return this.findings.some((finding) => finding.severity === 'error');
  }
}
