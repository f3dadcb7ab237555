import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from './sources.ts';

/** What a program imports, and from where. */
export const DOORS = [
  ['skillhost', 'src/index.ts'],
  ['skillhost/sdk', 'src/sdk/index.ts'],
  ['skillhost/ai-sdk', 'src/agent/ai-sdk.ts'],
  ['skillhost/mcp', 'src/mcp/index.ts'],
  ['skillhost/telemetry', 'src/telemetry/index.ts'],
] as const;

/** A reference of all that is exported: declarations as the compiler writes them, without bodies and private parts. */
export function writeReference(): string {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    types: ['node'],
  };
  const program = ts.createProgram(
    DOORS.map(([, file]) => join(ROOT, file)),
    options,
  );
  const checker = program.getTypeChecker();
  const sections = DOORS.map(([name, file]) => {
    const source = program.getSourceFile(join(ROOT, file));
    const door = source && checker.getSymbolAtLocation(source);
    if (door === undefined) throw new Error(`${file} exports nothing`);
    const exported = checker.getExportsOfModule(door).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return `## ${name}\n\n${exported.map((symbol) => describe(symbol, checker)).join('\n')}`;
  });
  return `# The interface, as its types say it\n\nWritten by \`npm run docs\` from the source. [embedding](embedding.md), [agents](agents.md) and\n[authoring](authoring.md) explain how it is used.\n\n${sections.join('\n')}`;
}

function describe(symbol: ts.Symbol, checker: ts.TypeChecker): string {
  const real = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const declarations = (real.declarations ?? []).filter((one) => !isImplementation(one, real));
  const text = declarations.map((one) => declarationOf(one, checker)).join('\n');
  return `### ${symbol.name}\n\n\`\`\`typescript\n${text}\n\`\`\`\n`;
}

/** The body behind overloads is not what is called. */
function isImplementation(node: ts.Declaration, symbol: ts.Symbol): boolean {
  return ts.isFunctionDeclaration(node) && node.body !== undefined && (symbol.declarations?.length ?? 0) > 1;
}

function declarationOf(node: ts.Declaration, checker: ts.TypeChecker): string {
  const statement = ts.isVariableDeclaration(node) ? node.parent.parent : node;
  const source = statement.getSourceFile();
  if (ts.isVariableDeclaration(node)) {
    const type = checker.typeToString(checker.getTypeAtLocation(node), undefined, ts.TypeFormatFlags.NoTruncation);
    return `${commentOf(statement, source)}const ${node.name.getText()}: ${type};`;
  }
  if (ts.isFunctionDeclaration(node)) return `${commentOf(node, source)}${headOf(node, source)}`;
  if (ts.isClassDeclaration(node)) return classOf(node, source);
  return statement
    .getFullText(source)
    .slice(fullStart(statement, source))
    .replace(/^export /m, '')
    .trim();
}

/** Where its own comment begins: others may stand before it. */
function fullStart(node: ts.Node, source: ts.SourceFile): number {
  const [comment] = (ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? []).slice(-1);
  return (comment?.pos ?? node.getStart(source)) - node.getFullStart();
}

function commentOf(node: ts.Node, source: ts.SourceFile): string {
  const [comment] = (ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? []).slice(-1);
  const isDoc = comment !== undefined && source.text.startsWith('/**', comment.pos);
  return isDoc ? `${source.text.slice(comment.pos, comment.end)}\n` : '';
}

function headOf(node: ts.FunctionDeclaration | ts.MethodDeclaration, source: ts.SourceFile): string {
  const end = node.body?.getStart(source) ?? node.getEnd();
  return `${source.text
    .slice(node.getStart(source), end)
    .replace(/^export /, '')
    .replace(/^(?:export )?async /, '')
    .trim()
    .replace(/;$/, '')};`;
}

function classOf(node: ts.ClassDeclaration, source: ts.SourceFile): string {
  const heritage = (node.heritageClauses ?? []).map((clause) => ` ${clause.getText(source)}`).join('');
  const members = node.members.flatMap((member) => memberOf(member, source));
  return `${commentOf(node, source)}class ${node.name?.text}${heritage} {\n${members.join('\n')}\n}`;
}

function memberOf(member: ts.ClassElement, source: ts.SourceFile): string[] {
  if (member.name !== undefined && ts.isPrivateIdentifier(member.name)) return [];
  const comment = commentOf(member, source);
  const indent = (text: string): string => (comment === '' ? `  ${text}` : `  ${comment}  ${text}`);
  if (ts.isMethodDeclaration(member)) return [indent(headOf(member, source))];
  if (ts.isGetAccessor(member))
    return [indent(`get ${member.name.getText(source)}(): ${member.type?.getText(source) ?? 'unknown'};`)];
  if (ts.isPropertyDeclaration(member)) return [indent(member.getText(source).replace(/ = [^]*$/, ';'))];
  if (!ts.isConstructorDeclaration(member)) return [];
  const parameters = member.parameters.map((one) => one.getText(source)).join(', ');
  return [indent(`constructor(${parameters});`)];
}
