import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './sources.ts';

/** A bundle and all that it imports before anything of it runs. */
function loadedWith(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  for (const [, name = ''] of text.matchAll(/^(?:import|export) (?:[^'"]*? from )?["'](\.[^"']+)["'];/gm))
    loadedWith(join(dirname(file), name), seen);
  return seen;
}

const sourcesOf = (files: Iterable<string>): string[] =>
  [...files].flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^\/\/ dist\/(\S+)\.js$/gm)].map(([, name = '']) => name),
  );

/** The file that what is together under a name was put into: the largest that begins with it. */
function chunk(name: string): string {
  const folder = join(ROOT, 'dist/cli');
  const files = readdirSync(folder).filter((file) => new RegExp(`^${name}-[\\w-]{8}\\.js$`).test(file));
  const sizeOf = (file: string): number => statSync(join(folder, file)).size;
  return join(folder, files.toSorted((a, b) => sizeOf(b) - sizeOf(a))[0] ?? name);
}

// Each file costs about a millisecond to find, at every start.
describe('what starts often loads few files', () => {
  it('the library is one, with all that a prompt is augmented by', () => {
    const files = loadedWith(join(ROOT, 'dist/lib/index.js'));
    expect(files.size).toBeLessThanOrEqual(3);
    const sources = sourcesOf(files);
    expect(sources).toEqual(
      expect.arrayContaining(['src/runtime/runtime', 'src/knowledge/augment', 'src/knowledge/match-cache']),
    );
    expect(
      sources.filter((name) =>
        /^src\/(manifest\/parse|skill\/load|tool\/validate|ledger|mcp)|^host\/supervisor/.test(name),
      ),
    ).toEqual([]);
  });

  it('the command loads what starts a guest process only to run something', () => {
    expect(sourcesOf(loadedWith(join(ROOT, 'dist/cli/skill.js')))).toEqual(['src/cli/start']);
  });

  it('and nothing else of ours before it starts it', () => {
    const sources = sourcesOf(loadedWith(chunk('guest')));
    expect(sources).toContain('host/supervisor/supervisor');
    expect(sources.filter((name) => !/^host\/|^src\/(?:home|manifest)\//.test(name))).toEqual([]);
  });

  it.each<[part: string, most: number, holds: readonly string[], lacks: RegExp]>([
    ['command', 3, ['src/cli/main', 'src/cli/verbs/list', 'src/catalog/catalog'], /skill\/load-skill|runtime\//],
    ['skill', 4, ['src/skill/load-skill', 'src/catalog/find-skill', 'src/runtime/runtime'], /runtime\/engine/],
    [
      'run',
      6,
      ['src/cli/verbs/run', 'src/runtime/engine', 'host/module/inspect', 'host/sandbox'],
      /install\/|recipe\/perform/,
    ],
    ['install', 6, ['src/cli/verbs/add', 'src/install/add'], /runtime\/engine|host\/sandbox/],
  ])('%s is loaded as at most %i files', (part, most, holds, lacks) => {
    const files = loadedWith(chunk(part));
    expect(files.size).toBeLessThanOrEqual(most);
    const sources = sourcesOf(files);
    expect(sources).toEqual(expect.arrayContaining([...holds]));
    expect(sources.filter((name) => lacks.test(name))).toEqual([]);
  });
});
