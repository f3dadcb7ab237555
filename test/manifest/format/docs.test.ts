import { describe, expect, test } from 'vitest';
import { MANIFEST_FILES } from '../../../src/manifest/format.ts';
import { readText } from '../../house/sources.ts';
import { parseClean } from './samples.ts';

/** The first example below the heading of each format. */
const EXAMPLES = new Map(
  readText('docs/formats.md')
    .split('\n## ')
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), /```\w+\n([^]*?)```/.exec(section)?.[1] ?? '']),
);

describe('docs/formats.md [R-FORMAT-1]', () => {
  test('shows each format, in the order that counts', () => {
    expect([...EXAMPLES.keys()]).toEqual([...MANIFEST_FILES]);
  });

  test.each(MANIFEST_FILES)('its %s is one without problems', async (file) => {
    const manifest = await parseClean(file, EXAMPLES.get(file) ?? '', { folder: 'greeter', strict: true });
    expect(manifest).toMatchObject({ file, id: 'custom.greeter', version: '1.0.0' });
  });
});
