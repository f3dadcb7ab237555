import type { Finding } from '../../src/analyze/finding.ts';
import { languageOf } from '../../src/analyze/languages.ts';
import { scanText } from '../../src/analyze/scan-text.ts';
import { combine } from '../../src/analyze/signals.ts';

/** What rules find in one file of a skill. */
export function scan(path: string, text: string): Finding[] {
  return scanText({ path, text, language: languageOf(path, text) });
}

/** What they find in several, with what is only together something. */
export function scanAll(files: Readonly<Record<string, string>>): Finding[] {
  const all = Object.entries(files).map(([path, text]) => ({ path, text, language: languageOf(path, text) }));
  return [...all.flatMap(scanText), ...combine(all)];
}

/** The rules that raise an alarm, each once. */
export function alarms(findings: readonly Finding[]): string[] {
  const bad = findings.filter(({ severity }) => severity === 'critical' || severity === 'high');
  return [...new Set(bad.map(({ rule }) => rule))].toSorted();
}

/** The rules of all findings, each once. */
export function rulesOf(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map(({ rule }) => rule))].toSorted();
}

/** A `SKILL.md` with a body. */
export function skillMd(body: string): string {
  return `---\nname: helper\ndescription: Helps with things that people need help with.\n---\n# Helper\n\n${body}\n`;
}
