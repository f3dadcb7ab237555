import { CapabilityDenied } from '../../host/index.ts';
import type { Failure } from './entry.ts';
import { failureOf, performCommand, tellFailure } from './perform.ts';
import type { Ports } from './ports.ts';
import type { Precondition, Recipe } from './recipe.ts';
import type { Values } from './values.ts';

/** Everything that is not as it must be, in the order of the recipe: all at once, not the first alone. */
export async function checkPreconditions(recipe: Recipe, values: Values, ports: Ports): Promise<string[]> {
  const problems: string[] = [];
  for (const precondition of recipe.preconditions) {
    const wrong = await wrongWith(precondition, values, ports);
    if (wrong !== undefined) problems.push(tell(precondition, wrong));
  }
  return problems;
}

/** In its author's words; but what could not be looked at may be as it must be. */
function tell({ message, fallback }: Precondition, wrong: Failure): string {
  if (wrong.code === 'E_DENIED') return wrong.message;
  const what = message === undefined ? tellFailure(wrong) : `${message} (${tellFailure(wrong)})`;
  return fallback === undefined ? what : `${what}; ${fallback}`;
}

async function wrongWith(precondition: Precondition, values: Values, ports: Ports): Promise<Failure | undefined> {
  const { commands } = ports;
  switch (precondition.check) {
    case 'command_exists': {
      const missing = precondition.programs.filter((name) => !commands.isInstalled(name));
      return missing.length === 0 ? undefined : notSo(`not installed: ${missing.join(', ')}`);
    }
    case 'env_set':
      return firstFault(precondition.names, (name) =>
        (commands.variable(name) ?? '') === '' ? `${name} is not set` : undefined,
      );
    case 'file_exists':
      return firstFault(
        precondition.paths.map((path) => values.text(path)),
        (path) => (commands.exists(path) ? undefined : `there is no ${path}`),
      );
    case 'custom': {
      const { action, manner, expect } = precondition;
      return (await performCommand(action, manner, { values, expect }, ports)).error;
    }
  }
}

function notSo(message: string): Failure {
  return { code: 'E_PRECONDITION', message };
}

/** A refusal by the gate is a reason like any other. */
function firstFault(names: readonly string[], look: (name: string) => string | undefined): Failure | undefined {
  for (const name of names) {
    try {
      const wrong = look(name);
      if (wrong !== undefined) return notSo(wrong);
    } catch (error) {
      if (!(error instanceof CapabilityDenied)) throw error;
      return failureOf(error);
    }
  }
  return undefined;
}
