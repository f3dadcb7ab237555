import { readFileSync } from 'node:fs';
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
});
