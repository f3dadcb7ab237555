import { quote } from '../../host/index.ts';
import { MANIFEST_CEILINGS } from './ceilings.ts';
import type { FieldPath } from './field-path.ts';
import { formatField } from './field-path.ts';
import type { Report } from './report.ts';
import { isTable, type Table } from './values.ts';

/** Names that reach a prototype when a table is copied or looked up carelessly, by us or by a later reader. */
const UNSAFE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

export function isUnsafeKey(key: string): boolean {
  return UNSAFE_KEYS.has(key);
}

/**
 * Checks what holds for every value whatever its field: size, depth, key names, and scalars nothing can use.
 * @returns false when the table is too large or too deep to be read further.
 */
export function checkValues(root: Table, report: Report): boolean {
  const waiting: { value: unknown; path: FieldPath }[] = [{ value: root, path: [] }];
  let nodes = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    nodes += 1;
    if (nodes > MANIFEST_CEILINGS.nodes) return refuseNodes(report);
    const { value, path } = next;
    if (path.length > MANIFEST_CEILINGS.depth) return refuseDepth(path, report);
    checkScalar(value, path, report);
    for (const [step, child] of childrenOf(value)) {
      if (waiting.length > MANIFEST_CEILINGS.nodes) return refuseNodes(report);
      if (typeof step === 'string' && isUnsafeKey(step)) refuseKey([...path, step], step, report);
      waiting.push({ value: child, path: [...path, step] });
    }
  }
  return true;
}

function childrenOf(value: unknown): Iterable<readonly [string | number, unknown]> {
  if (Array.isArray(value)) return (value as unknown[]).entries();
  return isTable(value) ? Object.entries(value) : [];
}

function refuseNodes(report: Report): false {
  report.error({
    code: 'M_TOO_MANY_NODES',
    path: [],
    message: `the manifest holds more than ${MANIFEST_CEILINGS.nodes} tables, arrays and values`,
    fix: 'move lists into files of the skill; the manifest only describes it',
  });
  return false;
}

function refuseDepth(path: FieldPath, report: Report): false {
  const message = `${formatField(path.slice(0, 4))}… is nested more than ${MANIFEST_CEILINGS.depth} deep`;
  report.error({ code: 'M_TOO_DEEP', path: path.slice(0, 4), message, fix: 'flatten the value' });
  return false;
}

export function refuseKey(path: FieldPath, key: string, report: Report): void {
  const message = `${quote(key)} may not be used as a key anywhere in a manifest`;
  report.error({ code: 'M_UNSAFE_KEY', path, message, fix: 'give the key another name' });
}

function checkScalar(value: unknown, path: FieldPath, report: Report): void {
  const field = formatField(path);
  if (typeof value === 'bigint') {
    const message = `${field} is a whole number that cannot be kept exactly`;
    const fix = `write a number from ${Number.MIN_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}`;
    report.error({ code: 'M_NUMBER', path, message, fix });
  } else if (typeof value === 'number' && !Number.isFinite(value)) {
    const message = `${field} is ${value}; infinities and nan are refused`;
    report.error({ code: 'M_NUMBER', path, message, fix: 'write a finite number' });
  } else if (value instanceof Date) {
    const message = `${field} is a date; no field of a manifest takes one`;
    report.error({ code: 'M_DATE', path, message, fix: 'put it in quotes if text is meant' });
  }
}
