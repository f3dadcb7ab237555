import { join } from 'node:path';
import type { Analysis } from '../analyze/analyze-skill.ts';
import type { Finding, Severity } from '../analyze/finding.ts';
import { plain, toUri } from './sarif.ts';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

/** What code hosts sort alerts by, 0 to 10. */
const SECURITY: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '3.0',
  info: '0.0',
};

/** Findings as one run of SARIF 2.1.0. The same for the same findings: it names no time and no machine. */
export function toSarif(
  analyses: readonly Analysis[],
  { cwd, version }: { readonly cwd: string; readonly version: string },
): unknown {
  const all = analyses.flatMap(({ path, findings }) => findings.map((finding) => ({ path, finding })));
  const rules = [...new Set(all.map(({ finding }) => finding.rule))].toSorted();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'skillhost',
            version,
            rules: rules.map((rule) =>
              toRule(
                rule,
                all.flatMap(({ finding }) => (finding.rule === rule ? [finding] : [])),
              ),
            ),
          },
        },
        // That something was found is no failure of the one who found it.
        invocations: [{ executionSuccessful: true }],
        columnKind: 'utf16CodeUnits',
        results: all.map(({ path, finding }) => ({
          ruleId: finding.rule,
          ruleIndex: rules.indexOf(finding.rule),
          level: LEVELS[finding.severity],
          message: { text: plain(`${finding.why}; fix: ${finding.fix}`) },
          locations: [toLocation(finding, path, cwd)],
        })),
        properties: { scores: analyses.map(({ id, score }) => ({ id, value: score.value, verdict: score.verdict })) },
      },
    ],
  };
}

/** @param of its findings, the worst first */
function toRule(rule: string, [worst]: readonly Finding[]): unknown {
  const words = rule.replaceAll('_', ' ');
  return {
    id: rule,
    shortDescription: { text: `${words[0]?.toUpperCase()}${words.slice(1)}` },
    properties: { tags: ['security'], 'security-severity': SECURITY[worst?.severity ?? 'info'] },
  };
}

function toLocation({ file, line, column }: Finding, path: string, cwd: string): unknown {
  return {
    physicalLocation: {
      artifactLocation: { uri: toUri(join(path, file), cwd) },
      ...(line !== undefined && { region: { startLine: line, ...(column !== undefined && { startColumn: column }) } }),
    },
  };
}
