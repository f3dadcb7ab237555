import { quote, type WireValue } from '../../host/index.ts';

/** What a host call wants that somebody answers in its place, as it is written behind `--why`; undefined for any other. */
export function wantedBy(operation: string, args: readonly WireValue[]): string | undefined {
  const [first, second] = args;
  if (operation === 'http.fetch') return `network=${textOf(first)} ${textOf(second)}`;
  if (operation !== 'command.execute') return undefined;
  return `terminal_exec=${[first, ...listOf(second)].map(textOf).join(' ')}`;
}

/** A call as it is written in mocks. */
export function lineOf(operation: string, args: readonly WireValue[]): string {
  return wantedBy(operation, args)?.replace(/^[a-z_]+=/, '') ?? `${operation} ${args.map(textOf).join(' ')}`;
}

function textOf(value: WireValue | undefined): string {
  return typeof value === 'string' ? value : quote(JSON.stringify(value ?? null), 60);
}

function listOf(value: WireValue | undefined): readonly WireValue[] {
  return Array.isArray(value) ? (value as readonly WireValue[]) : [];
}
