import { FIXED, quote } from '../../host/index.ts';
import type { Failure } from './entry.ts';
import { isDeeper, selectJson } from './json-path.ts';
import { compilePattern } from './pattern.ts';
import type { Expectation } from './recipe.ts';
import type { Values } from './values.ts';

interface Printed {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const SHOWN = 200;
const SHOWN_LINES = 3;
const MOST_SAID = 4_096;

interface Judging {
  readonly values: Values;
  /** Takes secrets out of what is told; before it is cut, for half a secret is not found. */
  readonly redact: (text: string) => string;
}

/** Why what a program printed is not what is expected; undefined when it is. Secrets are not told. */
export async function judge(expect: Expectation, printed: Printed, judging: Judging): Promise<Failure | undefined> {
  const wrong =
    judgeCode(expect, printed, judging) ?? judgeText(expect, printed, judging) ?? (await judgeLines(expect, printed));
  return wrong === undefined ? undefined : { code: 'E_EXPECTATION', message: wrong };
}

function judgeCode(
  { exitCode }: Expectation,
  { exitCode: actual, stderr, stdout }: Printed,
  { redact }: Judging,
): string | undefined {
  if (actual === exitCode) return undefined;
  const said = lastLines(redact(stderr)) || lastLines(redact(stdout));
  return `exit code ${actual}${exitCode === 0 ? '' : ` instead of ${exitCode}`}${said === '' ? '' : `: ${said}`}`;
}

/** What a program says at last is why it failed, more often than not; some say farewell after it. */
function lastLines(text: string): string {
  const lines = text
    .slice(-MOST_SAID)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return quote(lines.slice(-SHOWN_LINES).join('; '), SHOWN).slice(1, -1);
}

function judgeText(
  { outputContains, jsonPath, contains, equals }: Expectation,
  { stdout }: Printed,
  { values, redact }: Judging,
): string | undefined {
  if (outputContains !== undefined) {
    const wanted = values.text(outputContains);
    if (!stdout.includes(wanted)) return `the output does not contain ${quote(wanted)}`;
  }
  if (jsonPath === undefined) {
    if (equals === undefined) return undefined;
    const wanted = values.text(equals);
    return withoutEnd(stdout) === wanted
      ? undefined
      : `the output is ${quote(redact(withoutEnd(stdout)))} instead of ${quote(wanted)}`;
  }
  let found: unknown;
  try {
    found = selectJson(JSON.parse(stdout), jsonPath);
  } catch {
    return 'the output is no JSON';
  }
  if (isDeeper(found, FIXED.json_depth.limit)) return 'the output is nested too deep';
  const shown = quote(redact(JSON.stringify(found) ?? 'nothing'));
  if (equals !== undefined && textOf(found) !== values.text(equals))
    return `the value in the output is ${shown} instead of ${quote(values.text(equals))}`;
  if (contains !== undefined && !holds(found, values.text(contains)))
    return `the value in the output, ${shown}, does not contain ${quote(values.text(contains))}`;
  return undefined;
}

function holds(value: unknown, wanted: string): boolean {
  if (Array.isArray(value)) return value.some((item) => textOf(item) === wanted);
  return textOf(value)?.includes(wanted) ?? false;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Whether a line of the output matches; what a match of all of them can cost is bounded, too. */
async function judgeLines({ outputMatches }: Expectation, { stdout }: Printed): Promise<string | undefined> {
  if (outputMatches === undefined) return undefined;
  const matches = await compilePattern(outputMatches);
  if (typeof matches !== 'function') return matches.wrong;
  const lines = withoutEnd(stdout).split(/\r?\n/);
  let room = MOST_STEPS;
  for (const line of lines) {
    room -= matches.costOf(line);
    if (room < 0) return `the output is too long to be matched with ${quote(outputMatches)}`;
    const found = matches(line);
    if (typeof found !== 'boolean') return `a line of the output ${found.wrong}`;
    if (found) return undefined;
  }
  return `no line of the output matches ${quote(outputMatches)}`;
}

/** What matching an output may cost, in instructions of the pattern times characters. */
const MOST_STEPS = 20_000_000;

/** Without the ends of its last lines, as a shell takes an output. */
export function withoutEnd(text: string): string {
  return text.replace(/[\r\n]+$/, '');
}
