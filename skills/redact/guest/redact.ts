import { Host } from '@extism/as-pdk';
import { Redaction } from './redaction';

/** Replaces AssemblyScript's own `abort`, which would be an import the host does not have. */
function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  unreachable();
}

/** The input with what is private masked. */
export function redact(): i32 {
  // Not `outputString`: it counts UTF-16 units and cuts text that is not ASCII.
  Host.output(new Redaction(Host.input()).text());
  return 0;
}

/** How much of each kind is in the input, as JSON. */
export function count(): i32 {
  const found = new Redaction(Host.input());
  const json =
    '{"emails":' + found.emails.toString() + ',"tokens":' + found.tokens.toString() + ',"cards":' + found.cards.toString() + '}';
  Host.output(Uint8Array.wrap(String.UTF8.encode(json)));
  return 0;
}
