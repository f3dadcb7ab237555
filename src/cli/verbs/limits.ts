import { CEILINGS, ERROR_CODES, FIXED, type LimitName } from '../../../host/index.ts';
import type { LimitDecision } from '../../policy/limits.ts';
import type { Context } from '../context.ts';
import { printListing } from '../print.ts';

/** One ceiling as it is told. */
interface Row {
  readonly name: string;
  readonly unit: string;
  readonly default: number;
  /** What nobody may exceed; null for a limit that nobody can set. */
  readonly hard: number | null;
  readonly bounds: string;
  /** How a run that goes over it ends; null where the guest is told and may go on. */
  readonly code: string | null;
  readonly exit: number | null;
  readonly told: string | null;
}

/** `skill run --limits`: every ceiling there is. */
export async function showCeilings(format: 'text' | 'json', { terminal }: Context): Promise<void> {
  const all = ceilings();
  const rows = all.map((row) => [
    row.name,
    short(row.default),
    row.hard === null ? 'fixed' : short(row.hard),
    row.code === null ? `told ${row.told}` : `${row.exit} ${row.code}`,
    bounds(row),
  ]);
  const columns = ['LIMIT', 'DEFAULT', 'CEILING', 'OVER IT', 'BOUNDS'];
  await printListing({ columns, rows, data: all, empty: '' }, format === 'json' ? 'json' : 'table', terminal);
}

/** `skill run SKILL --limits`: what a run of it would be held to, and who decided that. */
export async function showLimits(
  reference: string,
  { limits, format }: { readonly limits: Readonly<Record<string, number>>; readonly format: 'text' | 'json' },
  { terminal, openRuntime }: Context,
): Promise<void> {
  const runtime = await openRuntime({ spare: false });
  try {
    const decisions = runtime.limits(await runtime.skill(reference), limits);
    const all = ceilings().flatMap((row) => {
      const decision = row.hard === null ? undefined : decisions[row.name as LimitName];
      return decision === undefined ? [] : [{ ...decision, ...row }];
    });
    const rows = all.map((row) => [
      row.name,
      short(row.value),
      origin(row),
      short(row.default),
      short(row.hard ?? row.default),
      bounds(row),
    ]);
    const columns = ['LIMIT', 'VALUE', 'FROM', 'DEFAULT', 'CEILING', 'BOUNDS'];
    await printListing({ columns, rows, data: all, empty: '' }, format === 'json' ? 'json' : 'table', terminal);
  } finally {
    await runtime.close();
  }
}

function ceilings(): Row[] {
  const settable = Object.entries(CEILINGS).map(([name, limit]) => ({ name, ...limit }));
  const fixed = Object.entries(FIXED).map(([name, limit]) => ({ name, default: limit.limit, hard: null, ...limit }));
  return [...settable, ...fixed].map(({ name, unit, default: value, hard, means, ...over }) => ({
    name,
    unit,
    default: value,
    hard,
    bounds: means,
    code: 'code' in over ? over.code : null,
    exit: 'code' in over ? ERROR_CODES[over.code].exit : null,
    told: 'told' in over ? over.told : null,
  }));
}

function origin({ from, asked }: LimitDecision): string {
  return asked === undefined ? from : `${from} (${asked.from}: ${short(asked.value)})`;
}

const SHORT: readonly (readonly [size: number, letter: string])[] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [2 ** 20, 'Mi'],
];

/** A number as a column has room for it: whole millions are counted in millions, everything else is written out. */
function short(value: number): string {
  const [size, letter] = SHORT.find(([unit]) => value % unit === 0) ?? [1, ''];
  return `${value / size}${letter}`;
}

/** What is bounded, with the unit where that does not say it. */
function bounds({ bounds: text, unit }: Row): string {
  return text.includes(unit) ? text : `${text} (${unit})`;
}
