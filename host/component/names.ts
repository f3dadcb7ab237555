import { quote } from '../quote.ts';
import { SkillError } from '../errors.ts';

// https://github.com/WebAssembly/component-model, Explainer.md, "Import and Export Definitions": the grammar of names.
const WORD = '[A-Za-z][A-Za-z0-9]*';
const LABEL = `${WORD}(?:-${WORD.replace('[A-Za-z]', '[A-Za-z0-9]')})*`;
const LABEL_ONLY = new RegExp(`^${LABEL}$`);
const PLAIN = new RegExp(`^(?:${LABEL}|\\[constructor\\]${LABEL}|\\[(?:method|static)\\]${LABEL}\\.${LABEL})$`);
const INTERFACE = new RegExp(`^${LABEL}(?::${LABEL})+(?:/${LABEL})+(?:@[0-9A-Za-z.+-]{1,64})?$`);
// Names of definitions inside a component, and what `wasm-tools component new` calls the modules it wraps.
const DEPENDENCY = /^(?:unlocked-dep|locked-dep|url|integrity)=<[\x21-\x7e]{1,512}>$/;

const MAX_NAME = 256;

/** A label, such as the name of a record field. @throws SkillError E_MODULE for anything else. */
export function parseLabel(name: string): string {
  if (name.length <= MAX_NAME && LABEL_ONLY.test(name)) return name;
  return refuseName(name);
}

/** The name of a component import or export. @throws SkillError E_MODULE for anything else. */
export function parseExternName(name: string): string {
  if (name.length <= MAX_NAME && (PLAIN.test(name) || INTERFACE.test(name) || DEPENDENCY.test(name))) return name;
  return refuseName(name);
}

function refuseName(name: string): never {
  throw new SkillError(
    'E_MODULE',
    `the component uses the name ${quote(name, 60)}, which the component model does not allow`,
    {
      hint: 'build the component with an unmodified toolchain',
    },
  );
}

/** `wasi:io/streams@0.2.3` → its interface and version. */
export function splitVersion(name: string): { readonly name: string; readonly version: string | undefined } {
  const at = name.lastIndexOf('@');
  return at === -1 ? { name, version: undefined } : { name: name.slice(0, at), version: name.slice(at + 1) };
}
