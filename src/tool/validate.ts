import { Validator } from '@cfworker/json-schema';
import { type ErrorCode, escapeInvisible, FIXED, quote, SkillError } from '../../host/index.ts';
import type { JsonSchema } from '../manifest/manifest.ts';
import { listParameters } from './list-parameters.ts';
import type { Tool } from './tool.ts';

const MAX_SHOWN = 8;
const MAX_WORK = 4_000_000;
const MAX_MESSAGE = 300;
// A hostile result can be wrong in every place.
const MAX_COMPARED = 200;

/** @throws SkillError E_INPUT naming each place that does not fit the tool's parameters. */
export function validateInput(tool: Tool, input: unknown): void {
  if (tool.parameters !== undefined)
    check(tool.parameters, input, {
      code: 'E_INPUT',
      what: `the arguments of ${tool.name} do not fit`,
      hint: listParameters(tool),
    });
}

/** @throws SkillError E_OUTPUT when a tool does not return what it declares. */
export function validateOutput(tool: Tool, output: unknown): void {
  const hint = 'the skill is at fault: what it returns is not what it declares';
  if (tool.returns !== undefined)
    check(tool.returns, output, {
      code: 'E_OUTPUT',
      what: `the result of ${tool.name} does not fit what it declares`,
      hint,
    });
}

/** A schema made ready: to say whether a value fits, and to say every place where it does not. */
interface Prepared {
  readonly quick: Validator;
  readonly thorough: Validator;
  readonly size: number;
}

const prepared = new WeakMap<JsonSchema, Prepared>();

function prepare(schema: JsonSchema): Prepared {
  let ready = prepared.get(schema);
  if (ready === undefined) {
    const size = JSON.stringify(schema).length;
    ready = { quick: new Validator(schema, '2020-12', true), thorough: new Validator(schema, '2020-12', false), size };
    prepared.set(schema, ready);
  }
  return ready;
}

function check(
  schema: JsonSchema,
  value: unknown,
  error: { readonly code: ErrorCode; readonly what: string; readonly hint: string },
): void {
  const { code, what, hint } = error;
  const { nodes, refused } = measure(value);
  if (refused !== undefined) throw new SkillError(code, `${what}: ${refused}`, { hint });
  const { quick, thorough, size } = prepare(schema);
  const first = quick.validate(value);
  if (first.valid) return;
  // Each wrong place may repeat its whole schema, and a hostile value is wrong everywhere: then the first one must do.
  const { errors: all } = nodes * size > MAX_WORK ? first : thorough.validate(value);
  const errors = all.slice(0, MAX_COMPARED);
  // Every level reports that something below it is wrong; the deepest reports say what.
  const depth = (location: string): number => location.split('/').length;
  const deepest = errors.filter(
    (one) =>
      !errors.some(
        (other) =>
          other !== one &&
          other.instanceLocation.startsWith(`${one.instanceLocation}/`) &&
          depth(other.instanceLocation) > depth(one.instanceLocation),
      ),
  );
  const leaves = deepest.filter(({ keyword }) => keyword !== 'properties' && keyword !== 'items');
  const problems = (leaves.length > 0 ? leaves : deepest).map(({ instanceLocation, error: message }) => ({
    at: escapeInvisible(decodeURI(instanceLocation)).replace(/^#\/?/, '').slice(0, MAX_MESSAGE),
    message: inPlainWords(message),
  }));
  const shown = problems.slice(0, MAX_SHOWN).map(({ at, message }) => (at === '' ? message : `${at}: ${message}`));
  throw new SkillError(code, `${what}: ${shown.join('; ')}`, {
    hint,
    details: { problems: problems.slice(0, MAX_SHOWN) },
  });
}

/** What the validator says of a value, as a person would say it of an argument. */
function inPlainWords(message: string): string {
  const cut = message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message;
  return cut
    .replace(/^Instance does not have required property (".*")\.$/s, '$1 is missing')
    .replace(/^Instance type "(\w+)" is invalid\. Expected "(.+)"\.$/s, 'must be $2, not $1')
    .replaceAll('", "', ' or ')
    .replace(/^Instance does not match (?!any)(.*)\.$/s, 'must be $1')
    .replace(/^Instance does not match any of (.*)\.$/s, 'must be one of $1')
    .replace(/^False boolean schema\.$/, 'is not known');
}

/** How many values one holds, and what about it is refused before a validator recurses into it. */
function measure(value: unknown): { readonly nodes: number; readonly refused: string | undefined } {
  let nodes = 0;
  const visit = (node: unknown, depth: number): string | undefined => {
    if (++nodes > FIXED.value_parts.limit) return `it has more than ${FIXED.value_parts.limit} values (value_parts)`;
    if (node === undefined) return 'it is not there';
    if (typeof node !== 'object' || node === null) return undefined;
    if (depth >= FIXED.value_depth.limit) return `it is nested more than ${FIXED.value_depth.limit} deep (value_depth)`;
    for (const [key, inner] of Object.entries(node)) {
      if (key === '__proto__') return 'it has a key "__proto__"';
      if (!key.isWellFormed()) return `it has the key ${quote(key)}, which is not well-formed Unicode`;
      const found = visit(inner, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const refused = visit(value, 0);
  return { nodes, refused };
}
