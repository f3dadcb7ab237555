import { code } from './builder.ts';
import type { Builder } from './builder.ts';
import { wasm } from './js-api.ts';
import type { Setting } from './run.ts';
import { scenario, type Scenario } from './scenario.ts';

const CASES = [0, 1, 2, 3, 4, 5];
const over = (...names: readonly string[]): (readonly [string, number])[] =>
  names.flatMap((name) => CASES.map((value) => [name, value] as const));

const imports: Setting['imports'] = (host) => ({
  env: {
    log: host('log'),
    fail: host('fail', () => {
      throw new TypeError('from the host');
    }),
    thrown: tagOfTests,
  },
});

const tagOfTests = new wasm.Tag({ parameters: ['i32', 'i64'] });

interface Parts {
  readonly log: number;
  readonly fail: number;
  readonly thrower: number;
  /** A tag with one i32. */
  readonly one: number;
  /** A tag with an i32 and an i64, imported. */
  readonly two: number;
}

/** A function that throws, by its argument: nothing (0, 3), one tag (1), the other (2), the host (4), a trap (5). */
function parts(b: Builder): Parts {
  const log = b.importFunction('log', 'i>');
  const fail = b.importFunction('fail', '>');
  const two = b.import('thrown', { kind: 'tag', type: b.type('il>') });
  const one = b.tag('i');
  b.export('one', 'tag', one);
  const thrower = b.function(
    { type: 'i>i', export: 'thrower' },
    ...code(`local.get 0, i32.const 1, i32.eq, if, i32.const 41, throw ${one}, end
      local.get 0, i32.const 2, i32.eq, if, i32.const 42, i64.const 43, throw ${two}, end
      local.get 0, i32.const 4, i32.eq, if, call ${fail}, end
      local.get 0, i32.const 5, i32.eq, if, unreachable, end
      local.get 0, i32.const 100, i32.add`),
  );
  return { log, fail, thrower, one, two };
}

export const EXCEPTIONS: readonly Scenario[] = [
  scenario(
    'exceptions, the older form',
    (b) => {
      const { log, thrower, one, two } = parts(b);
      b.function(
        { type: 'i>i', export: 'catch' },
        ...code(`i32.const 1, drop, try i, local.get 0, call ${thrower}, i32.const 1, i32.add, catch ${one}, i32.const 2
          i32.mul, catch ${two}, drop, i32.const 3, i32.add, end, i32.const 7, i32.xor`),
      );
      b.function(
        { type: 'i>i', export: 'catch_all' },
        ...code(`try i, local.get 0, call ${thrower}, catch_all, i32.const 5, call ${log}, i32.const 6, end`),
      );
      b.function(
        { type: 'i>i', export: 'bare' },
        ...code(`try i, local.get 0, call ${thrower}, end, i32.const 1, i32.add`),
      );
      b.function(
        { type: 'i>i', export: 'rethrow' },
        ...code(`try i, try i, local.get 0, call ${thrower}, catch ${one}, drop, i32.const 1, call ${log}, rethrow 0
          catch_all, i32.const 2, call ${log}, i32.const 8, end, catch_all, i32.const 9, end`),
      );
      b.function(
        { type: 'i>i', export: 'rethrow outer' },
        ...code(`try i, local.get 0, call ${thrower}, catch_all, try i, i32.const 1, call ${thrower}, catch_all
          local.get 0, i32.const 2, i32.eq, if, rethrow 2, end, i32.const 3, end, end`),
      );
      b.function(
        { type: 'i>i', export: 'delegate' },
        ...code(`try i, block i, try i, local.get 0, call ${thrower}, delegate 1, i32.const 1, i32.add, end
          catch ${one}, i32.const 4, i32.add, end, i32.const 2, i32.mul`),
      );
      b.function(
        { type: 'i>i', export: 'delegate to the caller' },
        ...code(`try i, try i, local.get 0, call ${thrower}, delegate 1, catch_all, i32.const 0, end`),
      );
      b.function(
        { type: 'i>i', export: 'leave' },
        ...code(`try, local.get 0, if, i32.const 3, return, end, i32.const 1, drop, br 0, catch_all, br 0, end
          block, try, local.get 0, call ${thrower}, drop, br 1, catch_all, br 1, end, end, i32.const 12`),
      );
      b.function(
        { type: 'i>i', export: 'loop', locals: 'ii' },
        ...code(`i32.const 6, local.set 1, loop, try, local.get 0, local.get 1, i32.const 3, i32.rem_u, i32.add
          call ${thrower}, local.get 2, i32.add, local.set 2, catch ${one}, local.get 2, i32.add, local.set 2
          catch_all, local.get 1, i32.const 1, i32.sub, local.tee 1, br_if 1, i32.const -1, return, end
          local.get 1, i32.const 1, i32.sub, local.tee 1, br_if 0, end, local.get 2`),
      );
      b.function(
        { type: 'i>i', export: 'by itself' },
        ...code(
          `try i, local.get 0, if, local.get 0, throw ${one}, end, i32.const 5, catch ${one}, i32.const 1, i32.add, end`,
        ),
      );
      b.function(
        { type: 'i>i', export: 'typed' },
        ...code('local.get 0, local.get 0'),
        ['try', b.type('ii>i')],
        ...code(`i32.add, call ${thrower}, catch ${one}, end`),
      );
      b.function(
        { type: 'i>i', export: 'through' },
        ...code(`local.get 0, call ${thrower + 1}, local.get 0, call ${thrower}, i32.add, loop, end`),
      );
      b.function(
        { type: 'i>i', export: 'bulk inside' },
        ...code(
          'try i, i32.const 0, local.get 0, i32.const 500, memory.fill, local.get 0, memory.grow, catch_all, i32.const 1, end',
        ),
      );
      b.function(
        { type: 'i>', export: 'dead handler' },
        ...code(`local.get 0, if, return, try, catch ${one}, drop, catch_all, rethrow 0, end, try, delegate 0, end`),
      );
      b.memory(1, 2);
    },
    over(
      'thrower',
      'catch',
      'catch_all',
      'bare',
      'rethrow',
      'rethrow outer',
      'delegate',
      'delegate to the caller',
      'leave',
      'loop',
      'by itself',
      'typed',
      'through',
      'bulk inside',
      'dead handler',
    ),
    imports,
  ),
  scenario(
    'exceptions, the newer form',
    (b) => {
      const { log, thrower, one, two } = parts(b);
      b.function(
        { type: 'i>i', export: 'catch' },
        ...code(`i32.const 1, drop, block i, block`),
        ['block', b.type('>il')],
        ...code(`try_table i catch:${one}:2 catch:${two}:0 catch_all:1, local.get 0, call ${thrower}, i32.const 1
          i32.add, end, return, end, drop, i32.const 3, i32.add, return, end, i32.const 70, call ${log}, i32.const 71
          return, end, i32.const 5, i32.mul`),
      );
      b.function(
        { type: 'i>i', export: 'catch_ref', locals: 'e' },
        ...code('block e'),
        ['block', b.type('>ie')],
        ...code(`try_table i catch_ref:${one}:0 catch_all_ref:1, local.get 0, call ${thrower}, end, return, end
          local.set 1, i32.const 1, call ${log}, drop, i32.const 9, drop, local.get 1, throw_ref, end, local.set 1
          i32.const 2, call ${log}, local.get 0, i32.const 2, i32.eq, if, local.get 1, throw_ref, end, i32.const 33`),
      );
      b.function(
        { type: 'i>i', export: 'to the function' },
        ...code(
          `try_table i catch:${one}:0, local.get 0, call ${thrower}, i32.const 1, i32.add, end, i32.const 2, i32.add`,
        ),
      );
      b.function(
        { type: 'i>i', export: 'to a loop', locals: 'i' },
        ...code(`loop, local.get 1, i32.const 1, i32.add, local.tee 1, i32.const 4, i32.gt_u, if, i32.const 50, return, end
          try_table catch_all:0, local.get 0, local.get 1, i32.add, call ${thrower}, drop, end, end, local.get 1`),
      );
      b.function(
        { type: 'i>i', export: 'nested' },
        ...code(`block, try_table catch_all:0, block, try_table catch_all:0, local.get 0, call ${thrower}, drop, end
          i32.const 1, call ${log}, end, local.get 0, i32.const 1, i32.eq, if, i32.const 2, throw ${one}, end
          i32.const 5, return, end, end, i32.const 6`),
      );
      b.function(
        { type: 'i>i', export: 'without catches' },
        ...code(`try_table i, local.get 0, call ${thrower}, end, i32.const 1, i32.add`),
      );
      b.function(
        { type: 'i>i', export: 'leave' },
        ...code(`block, try_table catch_all:0, local.get 0, if, i32.const 4, return, end, br 1, end, end, i32.const 8`),
      );
      b.function(
        { type: 'i>i', export: 'tail call inside' },
        ...code(`block, try_table catch_all:0, local.get 0, return_call ${thrower}, end, end, i32.const 2`),
      );
      b.function({ type: 'i>', export: 'null' }, ...code('ref.null e, throw_ref'));
      b.function(
        { type: 'i>i', export: 'typed' },
        ...code('local.get 0, local.get 0'),
        ['try_table', b.type('ii>i'), []],
        ...code(`i32.add, call ${thrower}, end`),
      );
      b.function(
        { type: 'i>i', export: 'bulk inside' },
        ...code(
          'block, try_table catch_all:0, i32.const 0, local.get 0, i32.const 500, memory.fill, local.get 0, memory.grow, return, end, end, i32.const 3',
        ),
      );
      b.memory(1, 2);
    },
    over(
      'thrower',
      'catch',
      'catch_ref',
      'to the function',
      'to a loop',
      'nested',
      'without catches',
      'leave',
      'tail call inside',
      'null',
      'typed',
      'bulk inside',
    ),
    imports,
  ),
];
