import { Redactor, SkillError } from '../../../host/index.ts';
import { matchesGlob } from '../glob.ts';
import { showScript, showWords } from '../perform.ts';
import type { Ports } from '../ports.ts';
import type { MockCommand, RecipeCase } from './recipe-test.ts';

const MOST_CALLS = 10_000;
/** As a shell ends for a program that it does not find. */
const NOT_FOUND = 127;

/** A case is taken to run without end. */
export class TooManyCalls extends Error {}

/** The world of a case: it answers what the case says, starts nothing and touches nothing. */
export class MockWorld {
  /** Every command and tool that was called, in order, as it is shown. */
  readonly calls: string[] = [];
  /** Those for which the case has no answer. */
  readonly unexpected: string[] = [];
  readonly ports: Ports;
  readonly #case: RecipeCase;
  readonly #redactor = new Redactor();
  readonly #used = new Map<MockCommand, number>();
  #left = MOST_CALLS;

  constructor(of: RecipeCase) {
    this.#case = of;
    this.ports = this.#makePorts();
  }

  addSecret(value: string): void {
    this.#redactor.add(value);
  }

  /** @throws TooManyCalls when the case has done more than any recipe would */
  spend(): void {
    this.#left -= 1;
    if (this.#left < 0) throw new TooManyCalls(`more than ${MOST_CALLS} commands, tools, recipes and questions`);
  }

  /** @param name the call without what it is given, which a pattern may leave out */
  #answer(line: string, name = line): Pick<MockCommand, 'exitCode' | 'stdout' | 'stderr'> {
    this.spend();
    const shown = this.#redactor.redact(line);
    this.calls.push(shown);
    const mock = this.#case.mocks.find((one) => {
      const isLeft = (this.#used.get(one) ?? 0) < (one.times ?? Infinity);
      return isLeft && (matchesGlob(one.command, shown) || matchesGlob(one.command, name));
    });
    if (mock !== undefined) {
      this.#used.set(mock, (this.#used.get(mock) ?? 0) + 1);
      return mock;
    }
    this.unexpected.push(shown);
    return { exitCode: NOT_FOUND, stdout: '', stderr: 'no entry of mock_commands fits' };
  }

  #makePorts(): Ports {
    const { files, env, notInstalled, answers, declines } = this.#case;
    return {
      commands: {
        decide: () => {
          throw new Error('a test plans nothing');
        },
        run: ({ program, args }) => {
          const [first, script, ...rest] = args;
          const isScript = program === 'sh' && first === '-c' && script !== undefined && rest.length === 0;
          const { exitCode, stdout, stderr } = this.#answer(
            isScript ? showScript(script) : showWords([program, ...args]),
          );
          const bytes = { stdout: Buffer.from(stdout), stderr: Buffer.from(stderr) };
          return Promise.resolve({ exitCode, ...bytes, durationMs: 0, memoryBytes: 0, isolation: 'none' });
        },
        variable: (name) => env.get(name),
        exists: (path) => files.some((pattern) => matchesGlob(pattern, path)),
        isInstalled: (program) => !notInstalled.includes(program),
      },
      asker: {
        confirm: ({ step }) => {
          this.spend();
          return Promise.resolve(!declines.includes(step));
        },
        answer: ({ step }) => {
          this.spend();
          const answer = answers.get(step);
          if (answer !== undefined) return Promise.resolve(answer);
          throw new SkillError('E_CONFIRM', `the step ${step} asks for a text`, {
            hint: `add it to answers: ${step}: "…"`,
          });
        },
        settle: () => {
          throw new Error('a test is never taken up again');
        },
      },
      callTool: (reference, input) => {
        const name = `tool:${reference}`;
        const { exitCode, stdout, stderr } = this.#answer(`${name} ${JSON.stringify(input)}`, name);
        if (exitCode === 0) return Promise.resolve({ ok: true, result: stdout });
        return Promise.resolve({
          ok: false,
          code: 'E_GUEST',
          message: stderr === '' ? `ended with ${exitCode}` : stderr,
        });
      },
      onProgress: () => undefined,
      redact: (text) => this.#redactor.redact(text),
      sleep: () => Promise.resolve(),
      signal: new AbortController().signal,
    };
  }
}
