import { quote } from '../../host/index.ts';

/** What a pattern and what it is held against may be at most. */
const PATTERN_CEILINGS = {
  /** Characters of a pattern. */
  pattern: 512,
  /** Characters of a value. */
  value: 10_240,
  /** Instructions of the compiled pattern times characters of a value: what a match can cost. */
  steps: 750_000,
} as const;

/** Whether a value fits; a text says why that cannot be told. */
export interface Match {
  (value: string, options?: { readonly whole?: boolean }): boolean | { readonly wrong: string };
  /** What a match can cost: instructions of the pattern times characters of the value. */
  readonly costOf: (value: string) => number;
}

/**
 * Compiles a regular expression of RE2: its matching takes time in proportion to the value, whatever both are. No
 * look-around, no back-references. The library is loaded here, on need.
 * @returns why it is none
 */
export async function compilePattern(text: string): Promise<Match | { readonly wrong: string }> {
  if (text.length > PATTERN_CEILINGS.pattern)
    return { wrong: `has ${text.length} characters; at most ${PATTERN_CEILINGS.pattern}` };
  const { RE2JS } = await import('re2js');
  try {
    const compiled = RE2JS.compile(text);
    const costOf = (value: string): number => compiled.programSize() * (value.length + 1);
    const match = (value: string, { whole = false } = {}): ReturnType<Match> => {
      if (value.length > PATTERN_CEILINGS.value || costOf(value) > PATTERN_CEILINGS.steps)
        return { wrong: `has ${value.length} characters, too many to be matched` };
      const matcher = compiled.matcher(value);
      return whole ? matcher.matches() : matcher.find();
    };
    return Object.assign(match, { costOf });
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
    return { wrong: `is no regular expression of RE2: ${quote(reason, 120).slice(1, -1)}` };
  }
}
