import { quote } from '../../host/index.ts';
import type { Failure } from './entry.ts';
import { selectJson } from './json-path.ts';
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

/** Why what a program printed is not what is expected; undefined when it is. */
export async function judge(expect: Expectation, printed: Printed, values: Values): Promise<Failure | undefined> {
  const wrong = judgeCode(expect, printed) ?? judgeText(expect, printed, values) ?? (await judgeLines(expect, printed));
  return wrong === undefined ? undefined : { code: 'E_EXPECTATION', message: wrong };
}

function judgeCode({ exitCode }: Expectation, { exitCode: actual, stderr, stdout }: Printed): string | undefined {
  if (actual === exitCode) return undefined;
  const said = lastLines(stderr) || lastLines(stdout);
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
  values: Values,
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
      : `the output is ${quote(withoutEnd(stdout))} instead of ${quote(wanted)}`;
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(stdout);
  } catch {
    return 'the output is no JSON';
  }
  const found = selectJson(parsed, jsonPath);
  const shown = quote(JSON.stringify(found) ?? 'nothing');
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
  for (const line of withoutEnd(stdout).split('\n').slice(-MOST_LINES)) if (matches(line) === true) return undefined;
  return `no line of the output matches ${quote(outputMatches)}`;
}

const MOST_LINES = 10_000;

/** Without the ends of its last lines, as a shell takes an output. */
export function withoutEnd(text: string): string {
  return text.replace(/[\r\n]+$/, '');
}
