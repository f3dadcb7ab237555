import { type Answering, CapabilityDenied, HostCallRefusal, type WireValue } from '../../host/index.ts';
import { matchesGlob } from '../recipe/glob.ts';
import type { MockCommand } from '../recipe/test/recipe-test.ts';
import type { MockResponse, ToolCase } from './tool-case.ts';
import { lineOf, wantedBy } from './wanted.ts';

/** Something that a tool reached for, and whether its skill says that it does. */
export interface Use {
  /** As behind `--why`, such as `network=GET https://api.example.org/`. */
  readonly want: string;
  readonly isDeclared: boolean;
  /** What the manifest says to it. */
  readonly rule: string;
}

export interface WorldOptions {
  /** What the skill declares of a want. */
  readonly judge: (want: string) => Omit<Use, 'want'>;
  /** Whether programs that no mock answers are started: only where the tool itself is one. */
  readonly startsPrograms: boolean;
  /** What is not declared, and what no mock answers, is answered with nothing in it, so that the tool goes on. */
  readonly isLenient: boolean;
}

const NO_OUTPUT: WireValue = [0, new Uint8Array(), new Uint8Array()];
const NO_CONTENT: WireValue = [200, [['content-type', 'application/json']], Buffer.from('{}')];

/** The world of a case: servers and programs are made up, and what is made up is held to the manifest as well. */
export class World {
  readonly uses: Use[] = [];
  /** Calls for which the case has no answer. */
  readonly unexpected: string[] = [];
  readonly #of: Pick<ToolCase, 'responses' | 'commands'>;
  readonly #options: WorldOptions;
  readonly #used = new Map<MockResponse | MockCommand, number>();

  constructor(of: Pick<ToolCase, 'responses' | 'commands'>, options: WorldOptions) {
    this.#of = of;
    this.#options = options;
  }

  readonly answering: Answering = async (operation, args, act) => {
    const want = wantedBy(operation, args);
    if (want === undefined) return act();
    const line = lineOf(operation, args);
    const isProgram = operation === 'command.execute';
    const mock = isProgram ? this.#command(line) : this.#response(line);
    // A program that is started is judged by the gate.
    if (mock === undefined && isProgram && this.#options.startsPrograms) return act();
    const use = { want, ...this.#options.judge(want) };
    this.uses.push(use);
    if (this.#options.isLenient) return mock ?? (isProgram ? NO_OUTPUT : NO_CONTENT);
    if (!use.isDeclared) {
      const message = `denied by manifest: ${want.replace('=', ' ')} is not covered by ${use.rule}`;
      throw new CapabilityDenied(message, { layer: 'manifest', rule: use.rule });
    }
    if (mock !== undefined) return mock;
    this.unexpected.push(line);
    throw new HostCallRefusal('failed', `the test has no answer for ${line}`);
  };

  #command(line: string): WireValue | undefined {
    const mock = this.#take(this.#of.commands, ({ command }) => matchesGlob(command, line));
    return mock && [mock.exitCode, Buffer.from(mock.stdout), Buffer.from(mock.stderr)];
  }

  #response(line: string): WireValue | undefined {
    const mock = this.#take(this.#of.responses, ({ request }) => matchesGlob(request, line));
    return mock && [mock.status, [...mock.headers].map(([name, value]) => [name, value]), Buffer.from(mock.body)];
  }

  #take<Mock extends MockResponse | MockCommand>(
    mocks: readonly Mock[],
    fits: (mock: Mock) => boolean,
  ): Mock | undefined {
    const found = mocks.find((mock) => fits(mock) && (this.#used.get(mock) ?? 0) < (mock.times ?? Infinity));
    if (found !== undefined) this.#used.set(found, (this.#used.get(found) ?? 0) + 1);
    return found;
  }
}
