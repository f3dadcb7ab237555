import type { JsonSchema } from '../manifest/manifest.ts';
import type { Parameter } from './recipe.ts';

/** The parameters as agents see them. Patterns are in the descriptions: no schema of a stranger brings its own to a host. */
export function schemaOfParameters(parameters: readonly Parameter[]): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(parameters.map((one) => [one.name, schemaOf(one)])),
    required: parameters.filter(({ required }) => required).map(({ name }) => name),
    additionalProperties: false,
  };
}

function schemaOf({ type, description, values, min, max, validation, default: value }: Parameter): JsonSchema {
  const isText = type !== 'number' && type !== 'integer' && type !== 'boolean';
  const words = [description, ...(validation === undefined ? [] : [`Must match ${validation}`])].filter(
    (one) => one !== '',
  );
  return {
    type: isText ? 'string' : type,
    ...(words.length > 0 && { description: words.join('. ') }),
    ...(type === 'enum' && { enum: values }),
    ...(min !== undefined && { minimum: min }),
    ...(max !== undefined && { maximum: max }),
    ...(value !== undefined && { default: value }),
  };
}
