import type { ErrorCode } from '../../host/index.ts';
import type { MockCommand } from '../recipe/test/recipe-test.ts';

/** What stands in for one answer of a server. */
export interface MockResponse {
  /** Method and URL, such as `GET https://api.example.org/*`. */
  readonly request: string;
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** It answers at most so often; undefined: always. */
  readonly times: number | undefined;
}

/** One case of `tests/tool_test.yaml`: a tool, a world that is made up for it, and what is to come of it. */
export interface ToolCase {
  readonly name: string;
  /** Where it stands, 1-based. */
  readonly line: number;
  readonly tool: string;
  readonly input: unknown;
  readonly args: readonly string[];
  readonly stdin: string | undefined;
  readonly seed: number | undefined;
  readonly responses: readonly MockResponse[];
  readonly commands: readonly MockCommand[];
  /** What a language model says. */
  readonly model: string | undefined;
  /** Files of the folder that the tool is run in, by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly env: ReadonlyMap<string, string>;
  readonly secrets: ReadonlyMap<string, string>;
  /** A file of the skill that `--record` wrote: everything is as it was then. */
  readonly recording: string | undefined;
  /** Absent: whatever comes of it. */
  readonly expectedResult: { readonly value: unknown } | undefined;
  /** Parts of the result, which is taken as text. */
  readonly expectedContains: readonly string[];
  readonly expectedError: ErrorCode | undefined;
  /** A part of what the error says. */
  readonly expectedMessage: string | undefined;
  /** What is in files afterwards. */
  readonly expectedFiles: ReadonlyMap<string, string>;
}
