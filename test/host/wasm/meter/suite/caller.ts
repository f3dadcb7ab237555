import type { FunctionType, ValueType } from '../tree.ts';
import type { Action } from './script.ts';

const NAMES: Readonly<Record<ValueType, string>> = {
  i: 'i32',
  l: 'i64',
  f: 'f32',
  d: 'f64',
  v: 'v128',
  r: 'funcref',
  x: 'externref',
  e: 'exnref',
};
const WORDS = ['i32', 'i64', 'f32', 'f64', 'v128', 'externref', 'funcref'];

/** True when the action can be made by `callerOf`. */
export function isCallable({ args }: Action, type: FunctionType): boolean {
  return (
    args.length === type.params.length &&
    args.every(({ type: name }, i) => WORDS.includes(name) && name === NAMES[type.params[i] ?? 'e']) &&
    !type.results.includes('e')
  );
}

/**
 * The text of a module that makes the calls: `call N` makes the Nth, with the very bits that the script writes, and puts
 * the very bits of its results into memory, 16 bytes each. JavaScript could carry neither.
 */
export function callerOf(actions: readonly { readonly action: Action; readonly type: FunctionType }[]): string {
  const externs = [...new Set(actions.flatMap(({ action }) => action.args.flatMap((arg) => extern(arg) ?? [])))];
  return `(module
    ${actions.map(({ type }, i) => `(import "called" "${i}" (func $f${i} ${signature(type)}))`).join('\n')}
    ${externs.map((number) => `(import "extern" "${number}" (global $x${number} externref))`).join('\n')}
    (import "see" "extern" (func $see (param externref)))
    (memory (export "results") 1)
    ${actions.map(({ action, type }, i) => callOf(i, action, type)).join('\n')})`;
}

const extern = (arg: Action['args'][number]): string | undefined =>
  arg.type === 'externref' && !arg.text.includes('ref.null') ? (arg.number ?? '0') : undefined;

const signature = ({ params, results }: FunctionType): string =>
  `${params.map((type) => `(param ${NAMES[type]})`).join(' ')} ${results.map((type) => `(result ${NAMES[type]})`).join(' ')}`;

function callOf(index: number, { args }: Action, { results }: FunctionType): string {
  const given = args.map((arg) => {
    const number = extern(arg);
    return number === undefined ? arg.text : `(global.get $x${number})`;
  });
  const stores = results.map((type, i) => {
    const value = `(local.get ${i})`;
    const at = `(i32.const ${i * 16})`;
    if (type === 'r') return `(i32.store ${at} (ref.is_null ${value}))`;
    if (type === 'x') return `(i32.store ${at} (ref.is_null ${value})) (call $see ${value})`;
    return `(${NAMES[type]}.store ${at} ${value})`;
  });
  const take = results.map((_, i) => `(local.set ${results.length - 1 - i})`);
  return `(func (export "call ${index}") ${results.map((type) => `(local ${NAMES[type]})`).join(' ')}
    ${given.join(' ')} (call $f${index}) ${take.join(' ')} ${stores.join(' ')})`;
}
