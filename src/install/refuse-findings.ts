import { quote, SkillError } from '../../host/index.ts';
import type { GateFinding } from '../analyze/finding.ts';

/** @throws SkillError E_PACKAGE for the first finding that keeps a skill from being installed */
export function refuseFindings(findings: readonly GateFinding[], request: string): void {
  const [first, ...more] = findings.filter(({ severity }) => severity === 'refuse');
  if (first === undefined) return;
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  throw new SkillError('E_PACKAGE', `${quote(request, 300)} is not installed: ${describeFinding(first)}${others}`, {
    hint: 'a person who reads the file does not see what a model reads; ask its author to remove it',
    details: { reason: first.rule, file: first.file, line: first.line },
  });
}

/** One line about a finding. */
export function describeFinding({ file, line, message }: GateFinding): string {
  return `${quote(file)}, line ${line}: ${message}`;
}
