import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { SkillError } from '../../host/index.ts';
import type { DetachedSignature } from '../../src/source/source.ts';
import { judgeTrust, newKey, parseTrust, statementOf } from '../../src/trust/index.ts';
import type { SignatureFile, TrustPolicy, TrustQuestion } from '../../src/trust/index.ts';
import type { RawFile } from '../../src/tree/raw-file.ts';

export const NOW = new Date('2026-06-01T12:00:00Z');
export const TREE = `sha256:${'a1'.repeat(32)}`;
export const SIGNED = { id: 'cloud.aws', version: '1.2.0', tree: TREE };
export const STATEMENT = statementOf(SIGNED);
export const SOURCE = 'github:acme/aws@0123456789abcdef0123456789abcdef01234567';
export const FILES: readonly RawFile[] = [
  { path: 'skill.toml', bytes: Buffer.from('[skill]\n'), executable: false },
  { path: 'knowledge/aws.md', bytes: Buffer.from('# AWS\n'), executable: false },
];

/** A key pair of minisign, with the `RW…` text a policy holds. */
export function minisignPair() {
  const pair = newKey();
  return { ...pair, text: pair.public.split('\n')[1] ?? '' };
}

interface Asked extends Partial<Omit<TrustQuestion, 'signatures' | 'policy'>> {
  /** The table `[trust]`, or what came of several. */
  readonly trust?: unknown;
  readonly policy?: TrustPolicy;
  readonly inside?: Partial<Record<SignatureFile, Uint8Array>>;
  readonly beside?: readonly DetachedSignature[];
}

/** Judges a package that is all right in whatever is not said. */
export function judge({ trust, policy, inside = {}, beside = [], ...rest }: Asked) {
  return judgeTrust({
    ...SIGNED,
    policy: policy ?? parseTrust(trust, 'config.toml'),
    source: SOURCE,
    wasExpected: true,
    files: FILES,
    now: NOW,
    ...rest,
    signatures: { inside: new Map(Object.entries(inside)), beside },
  });
}

/** The code and reason an action is refused with; a raw error is thrown on. */
export async function refusalOf(action: () => unknown): Promise<string> {
  try {
    const value = await action();
    return `not refused: ${JSON.stringify(value)}`;
  } catch (error) {
    if (!(error instanceof SkillError)) throw error;
    const { reason, field } = error.details ?? {};
    const told = reason ?? field;
    return typeof told === 'string' ? `${error.code} ${told}` : error.code;
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Whether a program is missing here. In CI none may be, so that its tests fail there instead of being skipped. */
export function isMissing(program: string): boolean {
  if (process.env['CI'] === 'true') return false;
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return false;
  } catch {
    return true;
  }
}
