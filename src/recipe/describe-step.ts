import type { Action } from './recipe.ts';
import { showTemplate } from './template.ts';

/** What an action does, as it is written, without values. */
export function describeStep(action: Action): string {
  switch (action.kind) {
    case 'command':
      return action.words.map(showTemplate).join(' ');
    case 'shell':
      return `sh: ${action.script.trim().replaceAll('\n', '; ')}`;
    case 'tool':
      return `tool ${action.reference}`;
    case 'recipe':
      return `recipe ${action.recipe}`;
    case 'prompt':
      return `ask: ${showTemplate(action.text)}`;
  }
}
