import { escapeInvisible } from '../../host/index.ts';
import type { Tool } from './tool.ts';

const MAX_NAMES = 20;
const MAX_NAME = 64;

/** What a tool takes, in one line for whoever called it wrongly; in brackets what may be left out. */
export function listParameters({ name, parameters }: Pick<Tool, 'name' | 'parameters'>): string {
  const required = new Set((parameters?.['required'] ?? []) as readonly string[]);
  const names = Object.keys(parameters?.['properties'] ?? {});
  if (names.length === 0)
    return parameters?.['additionalProperties'] === false
      ? `${name} takes nothing`
      : `${name} takes what its schema says: skill tools SKILL --format json`;
  const shown = names.slice(0, MAX_NAMES).map((one) => {
    const short = escapeInvisible(one.length > MAX_NAME ? `${one.slice(0, MAX_NAME)}…` : one);
    return required.has(one) ? short : `[${short}]`;
  });
  return `${name} takes ${shown.join(' ')}${names.length > MAX_NAMES ? ' …' : ''}`;
}
