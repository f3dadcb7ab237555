import { RESULTS } from '../entry.ts';

/** What a case can expect of a run. `invalid`: its parameters are refused, and nothing begins. */
export const EXPECTED_RESULTS = [...RESULTS, 'invalid'] as const;
export type ExpectedResult = (typeof EXPECTED_RESULTS)[number];

/** What stands in for a command, or for the tool of another skill. */
export interface MockCommand {
  /** The command line as it is shown, with `*` for any part of it; of a tool `tool:SKILL.TOOL`. */
  readonly command: string;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** It answers at most so often, then the next that fits does; undefined: always. */
  readonly times: number | undefined;
}

/** One case of `tests/recipe_test.yaml`: a recipe, a world that is made up for it, and what is to come of it. */
export interface RecipeCase {
  readonly name: string;
  /** Where it stands, 1-based. */
  readonly line: number;
  readonly recipe: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly mocks: readonly MockCommand[];
  /** Paths that are there, with `*` for any part; no other is. */
  readonly files: readonly string[];
  /** Variables that are set; no other is. */
  readonly env: ReadonlyMap<string, string>;
  /** Programs that are not installed; every other is. */
  readonly notInstalled: readonly string[];
  /** What is answered to steps of kind `prompt`, by their ids. */
  readonly answers: ReadonlyMap<string, string>;
  /** Steps whose question is answered by no; every other by yes. */
  readonly declines: readonly string[];
  readonly expectedResult: ExpectedResult;
  /** A part of what the run says of its end. */
  readonly expectedMessage: string | undefined;
  /** All commands, in their order, `**` for any number of them; undefined: whatever runs. */
  readonly expectedCommands: readonly string[] | undefined;
}
