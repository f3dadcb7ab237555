import { type FieldPath, formatField } from './field-path.ts';
import type { PlaceTree } from './locate.ts';
import type { Problem } from './manifest.ts';
import type { Finding, Place } from './report.ts';

/** Turns findings into problems with places, sorted by place; what has none concerns the whole file and comes first. */
export async function placeFindings(
  findings: readonly Finding[],
  manifest: { readonly file: string; readonly loadPlaces: () => Promise<PlaceTree | undefined> },
): Promise<Problem[]> {
  const wanted = findings.some((finding) => needsPlace(finding));
  const tree = wanted ? await manifest.loadPlaces() : undefined;
  const problems = findings.map((finding) => toProblem(finding, manifest.file, tree));
  return problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

function needsPlace(finding: Finding): boolean {
  return finding.place === undefined && finding.file === undefined && finding.path.length > 0;
}

function toProblem(finding: Finding, manifestFile: string, tree: PlaceTree | undefined): Problem {
  const place = finding.place ?? (needsPlace(finding) ? placeOf(finding.path, tree) : undefined);
  return {
    severity: finding.severity,
    code: finding.code,
    file: finding.file ?? manifestFile,
    ...(place === undefined ? {} : { line: place.line, column: place.column }),
    ...(finding.path.length === 0 ? {} : { field: formatField(finding.path) }),
    message: finding.message,
    fix: finding.fix,
  };
}

/** The place of the field, or of the nearest table around it that is written: that is where a missing key belongs. */
function placeOf(path: FieldPath, tree: PlaceTree | undefined): Place | undefined {
  let at = tree;
  let place: Place | undefined;
  for (const step of path) {
    at = at?.children.get(String(step));
    if (at === undefined) return place;
    place = at.place;
  }
  return place;
}
