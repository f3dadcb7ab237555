/** A JSON Schema, written by hand. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * A schema of a library that implements Standard Schema and its JSON Schema part, as zod 4.2 and later do
 * (https://standardschema.dev).
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => Validated<Output> | Promise<Validated<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
    readonly jsonSchema?: {
      readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
      readonly output: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
    };
  };
}

type Validated<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[] };

export type Schema = JsonSchema | StandardSchema;

/** What a schema of a library lets through; of a JSON Schema nothing is known. */
export type OutputOf<S> = S extends StandardSchema<infer _Input, infer Output> ? Output : never;
/** What may be returned where a schema of a library says what is. */
export type InputOf<S> = S extends StandardSchema<infer Input> ? Input : never;

function isStandard(schema: Schema): schema is StandardSchema {
  return '~standard' in schema;
}

/**
 * A schema as JSON Schema, of what is written (`input`) or of what is read (`output`).
 * @throws TypeError for a library that cannot tell
 */
export function toJsonSchema(schema: Schema, side: 'input' | 'output'): JsonSchema {
  if (!isStandard(schema)) return schema;
  const { jsonSchema, vendor } = schema['~standard'];
  if (jsonSchema === undefined)
    throw new TypeError(`this version of ${vendor} gives no JSON Schema; zod does from 4.2 on`);
  return clean(jsonSchema[side]({ target: 'draft-2020-12' })) as JsonSchema;
}

/** Without what says nothing: the name of the language, and the bounds of every whole number. */
function clean(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, one]) => key !== '$schema' && Math.abs(Number(one)) !== Number.MAX_SAFE_INTEGER)
      .map(([key, one]) => [key, clean(one)]),
  );
}

/** What a schema makes of a value. A JSON Schema is checked by the host. @throws Error that says what does not fit */
export async function check(schema: Schema | undefined, value: unknown, what: string): Promise<unknown> {
  if (schema === undefined || !isStandard(schema)) return value;
  const result = await schema['~standard'].validate(value);
  if (result.issues === undefined) return result.value;
  const [first] = result.issues;
  const path = first?.path?.map((part) => (isKeyed(part) ? part.key : part)).join('.') ?? '';
  throw new Error(`${[what, path].filter(Boolean).join('.')}: ${first?.message ?? 'does not fit'}`);
}

function isKeyed(part: unknown): part is { readonly key: unknown } {
  return typeof part === 'object' && part !== null && 'key' in part;
}
