import { type Node, readWast } from './read-wast.ts';

/** Where the bytes of a module come from: the text of a whole module, or the bytes themselves. */
export type Source = { readonly text: string } | { readonly bytes: Uint8Array };

export interface Action {
  readonly kind: 'invoke' | 'get';
  readonly target: string | undefined;
  readonly field: string;
  /** Constants in the text format. */
  readonly args: readonly { readonly type: string; readonly text: string; readonly number: string | undefined }[];
}

export type Command =
  | { readonly kind: 'module'; readonly id: string | undefined; readonly source: Source; readonly line: number }
  /** A module that is to be refused, or not to be instantiated: what is asked of it is that both do the same. */
  | { readonly kind: 'wrong module'; readonly source: Source; readonly quoted: boolean; readonly line: number }
  | { readonly kind: 'register'; readonly name: string; readonly id: string | undefined; readonly line: number }
  | { readonly kind: 'action'; readonly action: Action; readonly line: number }
  | { readonly kind: 'other'; readonly what: string; readonly line: number };

const utf8 = (node: Node | undefined): string => Buffer.from(node?.bytes ?? []).toString('utf8');
const joined = (nodes: readonly Node[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(nodes.flatMap(({ bytes }) => [...(bytes ?? [])]));

/** The commands of a script, in order. */
export function readScript(text: string): Command[] {
  return readWast(text).map((form): Command => {
    const line = text.slice(0, form.start).split('\n').length;
    const [head, ...rest] = form.items ?? [];
    const other = (): Command => ({ kind: 'other', what: head?.atom ?? 'a form without a name', line });
    switch (head?.atom) {
      case 'module': {
        const found = moduleOf(text, form);
        return found === undefined ? other() : { kind: 'module', id: found.id, source: found.source, line };
      }
      case 'register':
        return { kind: 'register', name: utf8(rest[0]), id: rest[1]?.atom, line };
      case 'invoke':
      case 'get':
        return { kind: 'action', action: actionOf(text, form), line };
      case 'assert_return':
      case 'assert_trap':
      case 'assert_exhaustion':
      case 'assert_exception':
      case 'assert_invalid':
      case 'assert_malformed':
      case 'assert_unlinkable': {
        const subject = rest[0] ?? form;
        const what = subject.items?.[0]?.atom;
        if (what === 'invoke' || what === 'get') return { kind: 'action', action: actionOf(text, subject), line };
        const found = what === 'module' ? moduleOf(text, subject) : undefined;
        return found === undefined
          ? other()
          : { kind: 'wrong module', source: found.source, quoted: found.quoted, line };
      }
      default:
        return other();
    }
  });
}

interface Found {
  readonly id: string | undefined;
  readonly source: Source;
  readonly quoted: boolean;
}

/** Undefined for the newer forms that define without instantiating. */
function moduleOf(text: string, form: Node): Found | undefined {
  const rest = form.items?.slice(1) ?? [];
  const id = rest[0]?.atom?.startsWith('$') === true ? rest[0].atom : undefined;
  const body = id === undefined ? rest : rest.slice(1);
  switch (body[0]?.atom) {
    case 'definition':
    case 'instance':
      return undefined;
    case 'binary':
      return { id, source: { bytes: joined(body.slice(1)) }, quoted: false };
    case 'quote':
      return { id, source: { text: `(module ${Buffer.from(joined(body.slice(1))).toString('utf8')})` }, quoted: true };
    default:
      return { id, source: { text: text.slice(form.start, form.end) }, quoted: false };
  }
}

function actionOf(text: string, form: Node): Action {
  const [head, ...rest] = form.items ?? [];
  const target = rest[0]?.atom;
  const [field, ...args] = target === undefined ? rest : rest.slice(1);
  return {
    kind: head?.atom === 'get' ? 'get' : 'invoke',
    target,
    field: utf8(field),
    args: args.map((node) => ({
      type: typeOfConstant(node),
      text: text.slice(node.start, node.end),
      number: node.items?.[1]?.atom,
    })),
  };
}

function typeOfConstant({ items = [] }: Node): string {
  const name = items[0]?.atom ?? '';
  if (name === 'ref.extern' || name === 'ref.host') return 'externref';
  if (name === 'ref.null') return items[1]?.atom?.startsWith('func') === true ? 'funcref' : 'externref';
  return name.replace('.const', '');
}
