// The function of `skillhost:guest/log@0.1.0`.
import { toUtf8 } from './abi';

// @ts-ignore: decorator
@external("skillhost:guest/log@0.1.0", "log")
declare function hostLog(level: i32, message: usize, length: i32): void;

const WARN = 2;

/** A line for the person running the skill. */
export function warn(message: string): void {
  const line = toUtf8(message);
  hostLog(WARN, line.dataStart, line.byteLength);
}
