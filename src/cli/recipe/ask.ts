import { SkillError } from '../../../host/index.ts';
import { checkValue, parseValue } from '../../recipe/parameters.ts';
import type { Asker } from '../../recipe/ports.ts';
import type { Parameter } from '../../recipe/recipe.ts';
import type { Confirm } from '../../runtime/confirm.ts';
import { inert, inline } from '../terminal.ts';

/** Whether there is a person who can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** Asks the person at the terminal. `pause` is called before each question: what is drawn there makes room. */
export interface TerminalAsker extends Asker {
  /** Asks for the value of a parameter until it fits; a secret is not shown. */
  parameter(parameter: Parameter): Promise<unknown>;
  /** Asks whether a skill gets what it asks for, for one run. */
  readonly grant: Confirm;
}

/** The library for questions is loaded here: most commands ask none. */
export async function openAsker(pause: () => void): Promise<TerminalAsker> {
  const { confirm, isCancel, log, password, select, text } = await import('@clack/prompts');
  const output = process.stderr;
  /** Ctrl-C at a question ends the run. */
  const answered = <T>(answer: T): Exclude<T, symbol> => {
    if (isCancel(answer)) throw new SkillError('E_ABORTED', 'the question was not answered');
    return answer as Exclude<T, symbol>;
  };
  return {
    async parameter(parameter) {
      pause();
      const { name, description, type, values } = parameter;
      const message = inline(description === '' ? name : `${name}: ${description}`);
      for (;;) {
        const value =
          type === 'enum'
            ? answered(
                await select({ message, options: values.map((one) => ({ value: one, label: inline(one) })), output }),
              )
            : type === 'boolean'
              ? answered(await confirm({ message, output }))
              : parseValue(
                  parameter,
                  answered(await (type === 'secret' ? password({ message, output }) : text({ message, output }))) ?? '',
                );
        const wrong = await checkValue(parameter, value);
        if (wrong === undefined) return value;
        log.error(`it ${inline(wrong)}`, { output });
      }
    },
    async grant({ skill, asks }) {
      pause();
      const lines = Object.entries(asks).map(
        ([capability, scopes]) => `  ${capability}: ${(scopes ?? []).map(inline).join(', ')}`,
      );
      return answered(
        await confirm({
          message: `${inline(skill)} asks for\n${lines.join('\n')}\nAllow it for this run?`,
          initialValue: false,
          output,
        }),
      );
    },
    async confirm({ name, does, risk, level }) {
      pause();
      const message = `${inline(name)}: ${inline(does)}${risk === 'low' ? '' : `\nrisk: ${risk}`}`;
      if (level === 'prompt') return answered(await confirm({ message, initialValue: false, output }));
      const typed = answered(await text({ message: `${message}\nType yes to go on`, output }));
      return typed === 'yes';
    },
    async answer({ text: question }) {
      pause();
      return answered(await text({ message: inert(question), output })) ?? '';
    },
    async settle({ what, open }) {
      pause();
      const options = [
        { value: 'done' as const, label: 'It has happened', hint: 'go on behind it' },
        { value: 'redo' as const, label: 'It has not: do it again' },
        ...(open.kind === 'undo' ? [{ value: 'left' as const, label: 'I do not know: leave it' }] : []),
      ];
      return answered(
        await select({ message: `Nobody knows whether this happened: ${inline(what)}`, options, output }),
      );
    },
  };
}
