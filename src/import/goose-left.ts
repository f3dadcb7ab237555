import { quote } from '../../host/index.ts';
import { formatField } from '../manifest/field-path.ts';
import type { TableReader } from '../manifest/table-reader.ts';
import { isTable } from '../manifest/values.ts';
import type { NotCarried } from './not-carried.ts';

interface Reason {
  readonly why: string;
  readonly fix: string;
}

/** What of a recipe has no place in a skill, and is told for each entry. */
const LISTS: Readonly<Record<string, Reason>> = {
  extensions: {
    why: 'it gives the agent tools of a server; a skill brings its own and starts no server',
    fix: 'set the server up in the agent, or import the answer of its tools/list',
  },
  sub_recipes: {
    why: 'it is a recipe of its own',
    fix: 'import its file too, and write the id of that skill into [dependencies]',
  },
};

const WHOLE: Readonly<Record<string, Reason>> = {
  activities: {
    why: 'these are buttons of a desktop program',
    fix: 'write the words people use into [knowledge] topics',
  },
  context: { why: 'nothing here reads it', fix: 'put what a model should know into knowledge/' },
};

/** Tells what was not read, in the order of the recipe's format. */
export function tellLeft(root: TableReader, lost: NotCarried[]): void {
  for (const [key, reason] of Object.entries(LISTS)) {
    const items = root.value(key);
    if (!Array.isArray(items)) {
      if (items !== undefined && items !== null) lost.push({ field: key, ...reason });
      continue;
    }
    for (const [i, item] of (items as unknown[]).entries())
      lost.push({ field: `${formatField([...root.at(key), i])}${nameOf(item)}`, ...reason });
  }
  tellRetry(root, lost);
  for (const [key, reason] of Object.entries(WHOLE)) if (root.has(key)) lost.push({ field: key, ...reason });
  for (const key of Object.keys(root.rest()))
    lost.push({ field: formatField(root.at(key)), why: 'a skill has no such field', fix: 'leave it out' });
}

function nameOf(item: unknown): string {
  const name = isTable(item) ? item['name'] : undefined;
  return typeof name === 'string' ? ` (${quote(name, 40)})` : '';
}

/** Goose asks the model again until shell commands succeed. */
function tellRetry(root: TableReader, lost: NotCarried[]): void {
  const retry = root.value('retry');
  if (retry === undefined || retry === null) return;
  const found = isTable(retry) ? retry : {};
  const checks = Array.isArray(found['checks']) ? (found['checks'] as unknown[]) : [];
  for (const [i, check] of checks.entries()) {
    const command = isTable(check) && typeof check['command'] === 'string' ? ` (${quote(check['command'], 60)})` : '';
    lost.push({
      field: `retry.checks[${i}]${command}`,
      why: 'it is a line for a shell that says whether the model is done; a tool checks nothing behind itself',
      fix: 'write it into verification of a recipe in recipes/, as a program and its words',
    });
  }
  if (found['on_failure'] !== undefined)
    lost.push({
      field: 'retry.on_failure',
      why: 'it is a line for a shell, and a tool takes nothing back',
      fix: 'write it into rollback of a recipe in recipes/',
    });
  for (const key of Object.keys(found).filter((one) => one !== 'checks' && one !== 'on_failure'))
    lost.push({
      field: formatField(['retry', key]),
      why: 'it belongs to the checks: nothing is tried again until they pass',
      fix: 'write max_attempts into [resilience] if calls that fail should be tried again',
    });
}
