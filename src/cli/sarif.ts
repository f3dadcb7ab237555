import { isAbsolute, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Problem } from '../manifest/manifest.ts';
import { inline } from './terminal.ts';

/** Problems of one skill; their files are relative to `folder`. */
interface Validated {
  readonly folder: string;
  readonly problems: readonly Problem[];
}

/**
 * Problems as one run of SARIF 2.1.0, which code hosts and editors read. The same for the same problems: it names no time
 * and no machine, and a file below `cwd` by its path from there.
 */
export function toSarif(
  validated: readonly Validated[],
  { cwd, version }: { readonly cwd: string; readonly version: string },
): unknown {
  const codes = [...new Set(validated.flatMap(({ problems }) => problems.map(({ code }) => code)))].toSorted();
  const results = validated.flatMap(({ folder, problems }) =>
    problems.map((problem) => ({
      ruleId: problem.code,
      ruleIndex: codes.indexOf(problem.code),
      level: problem.severity,
      message: { text: plain(`${problem.message}; fix: ${problem.fix}`) },
      locations: [toLocation(problem, folder, cwd)],
    })),
  );
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'skillhost', version, rules: codes.map(toRule) } },
        // That a skill has problems is no failure of the one who found them.
        invocations: [{ executionSuccessful: true }],
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  };
}

function toRule(code: string): unknown {
  const words = code.replace(/^[A-Z]_/, '').replaceAll('_', ' ');
  return { id: code, shortDescription: { text: `${words[0]}${words.slice(1).toLowerCase()}` } };
}

function toLocation({ file, line, column, field }: Problem, folder: string, cwd: string): unknown {
  return {
    physicalLocation: {
      artifactLocation: { uri: toUri(join(folder, written(file)), cwd) },
      ...(line !== undefined && { region: { startLine: line, ...(column !== undefined && { startColumn: column }) } }),
    },
    ...(field !== undefined && { logicalLocations: [{ fullyQualifiedName: inline(field) }] }),
  };
}

/** Relative to `cwd` when the file is below it. */
export function toUri(path: string, cwd: string): string {
  const way = relative(cwd, path);
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) return pathToFileURL(path).href;
  return way
    .split(sep)
    .map((part) => encodeURIComponent(part.toWellFormed()))
    .join('/');
}

/** The name of the file: a problem shows it with invisible characters written out. */
function written(file: string): string {
  return file.replaceAll(/\\(?:\\|u\{([0-9a-f]{1,6})\})/g, (_, hex: string | undefined) =>
    hex === undefined ? '\\' : String.fromCodePoint(Number.parseInt(hex, 16)),
  );
}

/** Viewers make a link of `[text](target)`, and what is between them may come from a skill. */
export function plain(text: string): string {
  return inline(text).replaceAll('](', '] (');
}
