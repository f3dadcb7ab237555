import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { requirements } from '../requirements.ts';
import { listFiles, parse } from './sources.ts';

// Tests name requirements; the table knows no test. These compare the two in both directions.

const ID = /^R-[A-Z][A-Z0-9]*(?:-[A-Z][A-Z0-9]*)*-[1-9][0-9]*$/;
const TEST_CALLS = new Set(['describe', 'it', 'test', 'suite']);

const ids = requirements.map((row) => row.id);
const pending = requirements.filter((row) => row.pending !== undefined);
const cited = readCitations();

describe('the requirements', () => {
  it('have well-formed ids, each used once', () => {
    expect(ids.filter((id, index) => !ID.test(id) || ids.indexOf(id) !== index)).toEqual([]);
  });

  it('are whole sentences, each with its source', () => {
    expect(requirements.filter((row) => !isSentence(row.promise) || row.source.trim() === '')).toEqual([]);
  });

  it('are each proved by a test that cites the id in its title, unless they say why not yet', () => {
    expect(requirements.filter((row) => row.pending === undefined && !cited.has(row.id)).map((row) => row.id)).toEqual(
      [],
    );
  });

  it('cover every id that a test cites', () => {
    expect([...cited].filter(([id]) => !ids.includes(id)).map(([id, file]) => `${id} in ${file}`)).toEqual([]);
  });

  it('are no longer pending once a test cites them', () => {
    expect(pending.filter((row) => cited.has(row.id)).map((row) => row.id)).toEqual([]);
  });

  it('say why they are pending', () => {
    if (pending.length > 0) console.log(pending.map((row) => `pending ${row.id}: ${row.pending}`).join('\n'));
    expect(pending.filter((row) => row.pending?.trim() === '').map((row) => row.id)).toEqual([]);
  });
});

function isSentence(text: string): boolean {
  return /^[\p{Lu}`"].*[.!?]$/u.test(text) && text.split(' ').length >= 4;
}

/** Each id cited in a test's title, with one of the files that cite it. */
function readCitations(): Map<string, string> {
  const found = new Map<string, string>();
  for (const path of listFiles('test', '.test.ts')) {
    for (const title of titlesOf(parse(path))) {
      for (const [, list] of title.matchAll(/\[(R-[^\]]*)\]/g)) {
        for (const id of (list ?? '').split(/[\s,]+/)) found.set(id, path);
      }
    }
  }
  return found;
}

/** The titles of all tests and groups in a file, also those behind `.each(…)`, `.skipIf(…)` and the like. */
function titlesOf(file: ts.SourceFile): string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && TEST_CALLS.has(rootName(node.expression))) {
      const title = node.arguments[0];
      if (title !== undefined && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))) {
        titles.push(title.getText(file));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return titles;
}

/** `it` for `it`, `it.each` and `it.skipIf(x)`. */
function rootName(expression: ts.Expression): string {
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isPropertyAccessExpression(expression) || ts.isCallExpression(expression)) {
    return rootName(expression.expression);
  }
  return '';
}
