import type { ValueType } from '../../../host/component/value-type.ts';
import type { CoreType } from '../../../host/wasm/module.ts';
import { partsOf } from './types.ts';

// A guest for any signature: each export hands its core arguments, untouched, to the import of the same type.

export interface EchoFunction {
  readonly params: readonly ValueType[];
  readonly result: ValueType | undefined;
}

export type Encoding = 'utf8' | 'utf16' | 'latin1+utf16';

const MAX_FLAT = 16;
const RESULT_AT = 1024;

/** The text of a component that exports `f0`, `f1`, … and imports the same from `test:echo/host`. */
export function echoComponent(functions: readonly EchoFunction[], encoding: Encoding): string {
  const types = new TypeNames();
  const signatures = functions.map((fn) => types.signature(fn));
  const options = `(memory $memory) (realloc $realloc) string-encoding=${encoding}`;
  return `(component
  (import "test:echo/host" (instance $host
${types.declarations.join('\n')}
${signatures.map((signature, i) => `    (export "f${i}" (func ${signature}))`).join('\n')}))
${types.names.map((name) => `  (alias export $host "${name}" (type $${name}))`).join('\n')}
${ALLOCATOR}
${functions.map((_, i) => `  (core func $lower${i} (canon lower (func $host "f${i}") ${options}))`).join('\n')}
  (core module $guest
    (import "allocator" "reset" (func $reset))
${functions.map((fn, i) => `    (import "host" "f${i}" (func $host${i} ${importType(fn)}))`).join('\n')}
${functions.map(forward).join('\n')})
  (core instance $guest (instantiate $guest (with "allocator" (instance $allocator))
    (with "host" (instance ${functions.map((_, i) => `(export "f${i}" (func $lower${i}))`).join(' ')}))))
${signatures
  .map(
    (signature, i) =>
      `  (func (export "f${i}") ${signature} (canon lift (core func $guest "f${i}") ${options} (post-return (core func $guest "post${i}"))))`,
  )
  .join('\n')}
)`;
}

/**
 * The text of a component that shows how values lie in memory: `pack0` takes a list of the first type and gives the bytes it
 * became, `unpack0` takes bytes and a count and gives the list. Only for types without pointers.
 */
export function packComponent(types: readonly ValueType[]): string {
  const names = new TypeNames();
  const texts = types.map((type) => names.text(type));
  const options = '(memory $memory) (realloc $realloc)';
  return `(component
  (import "test:echo/host" (instance $host
${names.declarations.join('\n')}))
${names.names.map((name) => `  (alias export $host "${name}" (type $${name}))`).join('\n')}
${ALLOCATOR}
  (core module $guest
    (import "allocator" "memory" (memory 1))
    (import "allocator" "reset" (func $reset))
    (import "allocator" "wanted" (func $wanted (result i32)))
    (func $slice (param i32 i32) (result i32)
      (i32.store (i32.const ${RESULT_AT}) (local.get 0)) (i32.store offset=4 (i32.const ${RESULT_AT}) (local.get 1))
      (i32.const ${RESULT_AT}))
    (func (export "pack") (param i32 i32) (result i32) (call $slice (local.get 0) (call $wanted)))
    (func (export "unpack") (param i32 i32 i32) (result i32) (call $slice (local.get 0) (local.get 2)))
    (func (export "post") (param i32) (call $reset)))
  (core instance $guest (instantiate $guest (with "allocator" (instance $allocator))))
${texts
  .map(
    (text, i) => `  (func (export "pack${i}") (param "it" (list ${text})) (result (list u8))
    (canon lift (core func $guest "pack") ${options} (post-return (core func $guest "post"))))
  (func (export "unpack${i}") (param "it" (list u8)) (param "count" u32) (result (list ${text}))
    (canon lift (core func $guest "unpack") ${options} (post-return (core func $guest "post"))))`,
  )
  .join('\n')}
)`;
}

// It starts close to the end of its memory, so that the first values make it grow while they are stored. What lies between
// them is zero.
const ALLOCATOR = `  (core module $allocator
    (memory (export "memory") 1)
    (global $top (mut i32) (i32.const 65000))
    (global $wanted (mut i32) (i32.const 0))
    (func (export "wanted") (result i32) (global.get $wanted))
    (func (export "reset") (global.set $top (i32.const 65000)))
    (func (export "realloc") (param $old i32) (param $size i32) (param $align i32) (param $wanted i32) (result i32)
      (local $at i32)
      (global.set $wanted (local.get $wanted))
      (local.set $at (i32.and (i32.add (global.get $top) (i32.const 7)) (i32.const -8)))
      (global.set $top (i32.add (local.get $at) (local.get $wanted)))
      (loop $grow (if (i32.gt_u (global.get $top) (i32.mul (memory.size) (i32.const 65536)))
        (then (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable)) (br $grow))))
      (memory.fill (local.get $at) (i32.const 0) (local.get $wanted))
      (memory.copy (local.get $at) (local.get $old) (local.get $size))
      (local.get $at)))
  (core instance $allocator (instantiate $allocator))
  (alias core export $allocator "memory" (core memory $memory))
  (alias core export $allocator "realloc" (core func $realloc))`;

function paramsOf({ params }: EchoFunction): readonly CoreType[] {
  const flat = params.flatMap(flatten);
  return flat.length > MAX_FLAT ? ['i32'] : flat;
}

/** How the result comes back: as one core value, through memory, or not at all. */
function resultOf({ result }: EchoFunction): CoreType | 'memory' | undefined {
  if (result === undefined) return undefined;
  const [first, ...more] = flatten(result);
  return more.length > 0 ? 'memory' : first;
}

const list = (word: string, types: readonly string[]): string =>
  types.length > 0 ? `(${word} ${types.join(' ')})` : '';

function importType(fn: EchoFunction): string {
  const result = resultOf(fn);
  return result === 'memory'
    ? list('param', [...paramsOf(fn), 'i32'])
    : `${list('param', paramsOf(fn))} ${list('result', result === undefined ? [] : [result])}`;
}

function forward(fn: EchoFunction, index: number): string {
  const params = paramsOf(fn);
  const result = resultOf(fn);
  const core = result === 'memory' ? 'i32' : result;
  const given = params.map((_, i) => `(local.get ${i})`).join(' ');
  const call =
    result === 'memory'
      ? `(call $host${index} ${given} (i32.const ${RESULT_AT})) (i32.const ${RESULT_AT})`
      : `(call $host${index} ${given})`;
  return `    (func (export "f${index}") ${list('param', params)} ${list('result', core === undefined ? [] : [core])} ${call})
    (func (export "post${index}") ${list('param', core === undefined ? [] : [core])} (call $reset))`;
}

const isFour = (type: CoreType): boolean => type === 'i32' || type === 'f32';

/** The core types a value becomes, by the rules of the canonical ABI; the oracle refuses the guest if they are wrong. */
function flatten(type: ValueType): CoreType[] {
  switch (type.kind) {
    case 'primitive': {
      const { primitive } = type;
      if (primitive === 'string') return ['i32', 'i32'];
      if (primitive === 'f32' || primitive === 'f64') return [primitive];
      return [primitive === 's64' || primitive === 'u64' ? 'i64' : 'i32'];
    }
    case 'list':
      return ['i32', 'i32'];
    case 'record':
    case 'tuple':
      return partsOf(type).flatMap(flatten);
    case 'variant':
    case 'option':
    case 'result': {
      const joined: CoreType[] = [];
      for (const part of partsOf(type)) {
        for (const [i, core] of flatten(part).entries()) {
          const other = joined[i] ?? core;
          joined[i] = other === core ? core : isFour(other) && isFour(core) ? 'i32' : 'i64';
        }
      }
      return ['i32', ...joined];
    }
    default:
      return ['i32'];
  }
}

/** Writes types as text. What the component model wants named before it may be imported gets a name. */
class TypeNames {
  readonly names: string[] = [];
  readonly declarations: string[] = [];

  signature({ params, result }: EchoFunction): string {
    const given = params.map((type, i) => `(param "p${i}" ${this.text(type)})`).join(' ');
    return `${given} ${result === undefined ? '' : `(result ${this.text(result)})`}`;
  }

  text(type: ValueType): string {
    switch (type.kind) {
      case 'primitive':
        return type.primitive;
      case 'list':
        return `(list ${this.text(type.element)})`;
      case 'tuple':
        return `(tuple ${type.items.map((item) => this.text(item)).join(' ')})`;
      case 'option':
        return `(option ${this.text(type.some)})`;
      case 'result': {
        const ok = type.ok === undefined ? '' : this.text(type.ok);
        return `(result ${ok} ${type.err === undefined ? '' : `(error ${this.text(type.err)})`})`;
      }
      case 'record':
        return this.#name(
          `record ${type.fields.map(([name, field]) => `(field "${name}" ${this.text(field)})`).join(' ')}`,
        );
      case 'variant':
        return this.#name(
          `variant ${type.cases.map(([name, inner]) => `(case "${name}" ${inner === undefined ? '' : this.text(inner)})`).join(' ')}`,
        );
      case 'enum':
      case 'flags':
        return this.#name(`${type.kind} ${type.names.map((name) => `"${name}"`).join(' ')}`);
      case 'own':
      case 'borrow':
        throw new Error('handles are not generated');
    }
  }

  #name(definition: string): string {
    const name = `t${this.names.length}`;
    this.names.push(name);
    this.declarations.push(
      `    (type $${name}' (${definition}))`,
      `    (export "${name}" (type $${name} (eq $${name}')))`,
    );
    return `$${name}`;
  }
}
