import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { parse, ROOT } from './sources.ts';

const doors = ['src/index.ts', 'src/sdk/index.ts', 'src/agent/ai-sdk.ts', 'src/mcp/index.ts', 'host/index.ts'].filter(
  (path) => existsSync(join(ROOT, path)),
);

describe('the public surface', () => {
  it('is what public-surface.txt says (if meant: npm run docs, and look at the difference)', async () => {
    const text = doors
      .map(
        (path) =>
          `${path}\n${namesOf(path)
            .map((name) => `  ${name}\n`)
            .join('')}`,
      )
      .join('\n');
    await expect(text).toMatchFileSnapshot('public-surface.txt');
  });

  it('is exported name by name', () => {
    expect(doors.flatMap(namesOf).filter((name) => name.includes('*'))).toEqual([]);
  });
});

/** What a door exports, sorted; types are marked, and `*` stands for an export that names nothing. */
function namesOf(path: string): string[] {
  return parse(path)
    .statements.flatMap((statement) =>
      ts.isExportDeclaration(statement) ? exportedNames(statement) : declared(statement),
    )
    .toSorted();
}

function exportedNames({ exportClause, isTypeOnly }: ts.ExportDeclaration): string[] {
  if (exportClause === undefined) return ['*'];
  if (ts.isNamespaceExport(exportClause)) return [exportClause.name.text];
  return exportClause.elements.map((one) => (isTypeOnly || one.isTypeOnly ? `type ${one.name.text}` : one.name.text));
}

/** The names a statement such as `export const a = 1` exports. */
function declared(statement: ts.Statement): string[] {
  const isExported =
    ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword);
  if (isExported !== true) return ts.isExportAssignment(statement) ? ['default'] : [];
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map((one) => one.name.getText());
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
    return [`type ${statement.name.text}`];
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement))
    return [statement.name?.text ?? 'default'];
  return ['*'];
}
