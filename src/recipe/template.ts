import { quote } from '../../host/index.ts';

/** A parameter's value. A secret, a path and an enum are text. */
export type Value = string | number | boolean;

/** Where a value comes from. */
export type Reference =
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'output'; readonly step: string; readonly field: OutputField }
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'item' };

export const OUTPUT_FIELDS = ['stdout', 'stderr', 'exit_code'] as const;
export type OutputField = (typeof OUTPUT_FIELDS)[number];

/** Text with places for values. It is read once: a value is put in as it is and never read again. */
export type Template = readonly (string | Reference)[];

/** Finds what a name stands for. @returns why it stands for nothing, as a sentence that starts with "it" */
export type Resolve = (name: string) => Reference | { readonly wrong: string; readonly fix: string };

export interface TemplateFault {
  readonly code: 'M_TEMPLATE' | 'M_UNKNOWN_NAME';
  readonly wrong: string;
  readonly fix: string;
}

/** A reference, or a quoted text that stands for itself, as `{{"{{"}}` does. */
const PLACE = /\{\{\s*(?:"([^"]*)"|([A-Za-z_][\w.-]*))\s*\}\}/y;

/** Reads `text {{name}} text`. Calls `fault` for each place that is none, and leaves it out. */
export function parseTemplate(text: string, resolve: Resolve, fault: (fault: TemplateFault) => void): Template {
  const parts: (string | Reference)[] = [];
  let at = 0;
  for (let open = text.indexOf('{{'); open !== -1; open = text.indexOf('{{', at)) {
    if (open > at) parts.push(text.slice(at, open));
    PLACE.lastIndex = open;
    const [whole, literal, name = ''] = PLACE.exec(text) ?? [];
    if (whole === undefined) {
      fault(noPlace(text.slice(open)));
      return parts;
    }
    at = open + whole.length;
    if (literal !== undefined) {
      parts.push(literal);
      continue;
    }
    const found = resolve(name);
    if ('wrong' in found)
      fault({ code: 'M_UNKNOWN_NAME', wrong: `names ${quote(name)}, but ${found.wrong}`, fix: found.fix });
    else parts.push(found);
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
}

/** Where the place that begins at `at` ends, behind its braces; undefined when it is none, or not closed. */
export function endOfPlace(text: string, at: number): number | undefined {
  PLACE.lastIndex = at;
  if (PLACE.test(text)) return PLACE.lastIndex;
  const end = text.indexOf('}}', at);
  return end === -1 ? undefined : end + 2;
}

function noPlace(rest: string): TemplateFault {
  const shown = quote(rest.slice(0, 40));
  const fix = 'write {{name}}, {{steps.ID.stdout}} or {{env.NAME}}; for two braces as text write {{"{{"}}';
  const wrong = rest.includes('}}')
    ? `has ${shown}, in which no value is named: there are no expressions`
    : `has ${shown}, which is not closed by }}`;
  return { code: 'M_TEMPLATE', wrong, fix };
}

export function isReference(part: string | Reference): part is Reference {
  return typeof part !== 'string';
}

/** The text with every value in its place. `valueOf` throws for a value that cannot be had. */
export function render(template: Template, valueOf: (reference: Reference) => string): string {
  let text = '';
  for (const part of template) text += isReference(part) ? valueOf(part) : part;
  return text;
}

/** As its author wrote it. */
export function showTemplate(template: Template): string {
  return render(template, (reference) => `{{${nameOf(reference)}}}`);
}

/** The name a value is written by. */
export function nameOf(reference: Reference): string {
  switch (reference.kind) {
    case 'parameter':
      return reference.name;
    case 'output':
      return `steps.${reference.step}.${reference.field}`;
    case 'env':
      return `env.${reference.name}`;
    case 'item':
      return 'item';
  }
}
