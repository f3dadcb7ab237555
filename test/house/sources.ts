import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The top folder of the repository. Every other path here is relative to it, with `/`. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** One import or re-export between two files of ours. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** False when the compiler erases it: `import type`, `export type`. */
  readonly runs: boolean;
}

/** Every file under `folder` whose name ends with `ending`, sorted; none when the folder is absent. */
export function listFiles(folder: string, ending: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .toSorted();
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readText(path), ts.ScriptTarget.Latest, true);
}

/** Every import of a relative path in the files of `folders`, type-only ones and dynamic ones too. */
export function readArrows(folders: readonly string[]): Arrow[] {
  return folders.flatMap((folder) => listFiles(folder, '.ts')).flatMap((path) => arrowsOf(parse(path)));
}

/** The relative imports of one parsed file. */
function arrowsOf(file: ts.SourceFile): Arrow[] {
  const arrows: Arrow[] = [];
  const add = (specifier: ts.Node | undefined, runs: boolean): void => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier) || !specifier.text.startsWith('.')) return;
    arrows.push({ from: file.fileName, to: posix.join(posix.dirname(file.fileName), specifier.text), runs });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, !node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, false);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], true);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return arrows;
}
