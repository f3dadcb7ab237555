import { hasInvisible } from '../../host/index.ts';
import type { JsonSchema } from '../manifest/manifest.ts';
import { readable } from './readable.ts';

// No schema of a manifest or of a component comes near.
const MAX_DEPTH = 64;

class Hidden extends Error {}

/**
 * A schema as a model reads it: its titles and descriptions hide nothing. Undefined when a name or a value does, for
 * these are what input is held to and cannot be written otherwise.
 */
export function showSchema(schema: JsonSchema): JsonSchema | undefined {
  try {
    return show(schema, 0) as JsonSchema;
  } catch (error) {
    if (error instanceof Hidden) return undefined;
    throw error;
  }
}

function show(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return requireVisible(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) throw new Hidden();
  if (Array.isArray(value)) return value.map((one) => show(one, depth + 1));
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => {
    const isTalk = (key === 'description' || key === 'title') && typeof inner === 'string';
    return [requireVisible(key), isTalk ? readable(inner) : show(inner, depth + 1)];
  });
  return Object.fromEntries(entries);
}

/** Line ends and tabs are ordinary values, such as of a separator. */
function requireVisible(text: string): string {
  if (hasInvisible(text.replaceAll(/[\n\r\t]/g, ''))) throw new Hidden();
  return text;
}
