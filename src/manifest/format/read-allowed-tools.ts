import { type Capabilities, hasInvisible, NO_CAPABILITIES, quote, type Rule } from '../../../host/index.ts';
import { formatField } from '../field-path.ts';
import { checkArgsText, checkRuleText } from '../rule-text.ts';
import type { TableReader } from '../table-reader.ts';

const FIELD = 'allowed-tools';
/** One name, with what it is narrowed to: `Bash(git add:*)`. A bracket that does not fit stays, for `TOOL` to miss. */
const WORD = /(?:[^\s,()]+\s*)?\([^()]*\)?[^\s,]*|[^\s,()]+|\)/g;
const TOOL = /^([^\s()]+)(?:\(([^()]*)\))?$/;
const READERS: ReadonlySet<string> = new Set(['Read', 'Grep', 'Glob', 'LS', 'NotebookRead']);
const WRITERS: ReadonlySet<string> = new Set(['Write', 'Edit', 'MultiEdit', 'NotebookEdit']);

interface AllowedTools {
  /** As written, for people. */
  readonly tools: readonly string[];
  /** What they come to as a request. It grants nothing. */
  readonly capabilities: Capabilities;
}

/**
 * `allowed-tools` of a `SKILL.md`: names of tools of some agent, separated by commas or spaces, or a list. Those whose
 * meaning is known are requested as capabilities; the others are shown and request nothing.
 */
export function readAllowedTools(root: TableReader): AllowedTools {
  const asked = new Request(root);
  const tools = readNames(root).filter((tool) => asked.add(tool));
  return { tools, capabilities: asked.capabilities };
}

function readNames(root: TableReader): readonly string[] {
  const written = Array.isArray(root.value(FIELD)) ? (root.texts(FIELD) ?? []) : [root.text(FIELD) ?? ''];
  return [...new Set(written.flatMap((text) => text.match(WORD) ?? []))];
}

/** By their texts. */
type Rules = Map<string, Rule>;

class Request {
  readonly #root: TableReader;
  readonly #origin: string;
  readonly #read: Rules = new Map();
  readonly #write: Rules = new Map();
  readonly #network: Rules = new Map();
  readonly #commands: Rules = new Map();
  /** Patterns of the programs that are not allowed whole. */
  readonly #args = new Map<string, Rules>();

  constructor(root: TableReader) {
    this.#root = root;
    this.#origin = formatField(root.at(FIELD));
  }

  /** False when it is nothing that people could be shown as the name of a tool. */
  add(tool: string): boolean {
    const [, name, scope] = TOOL.exec(tool) ?? [];
    if (name === undefined) return this.#refuse(tool, 'is no name with one scope in brackets');
    if (hasInvisible(tool)) return this.#refuse(tool, 'holds control or invisible characters');
    if (READERS.has(name)) this.#addPath(scope, tool, [this.#read]);
    else if (WRITERS.has(name)) this.#addPath(scope, tool, [this.#read, this.#write]);
    else if (name === 'WebFetch') this.#addHost(scope, tool);
    else if (name === 'Bash') this.#addCommand(scope, tool);
    return true;
  }

  get capabilities(): Capabilities {
    const whole = this.#commands;
    const narrowed = [...this.#args].filter(([program]) => !whole.has(program) && !whole.has('*'));
    const commands = [...whole.values(), ...narrowed.map(([program]) => this.#rule(program))];
    const args = new Map(narrowed.map(([program, patterns]) => [program, [...patterns.values()]]));
    return {
      ...NO_CAPABILITIES,
      filesystemRead: [...this.#read.values()],
      filesystemWrite: [...this.#write.values()],
      network: [...this.#network.values()],
      terminalExec: { commands: whole.has('*') ? [this.#rule('*')] : commands, blocked: [], args },
    };
  }

  /** `Read(src/**)`; other agents take a path from the root for one of the project, so that one requests nothing. */
  #addPath(scope: string | undefined, tool: string, lists: readonly Rules[]): void {
    const path = scope === undefined || /^\*{1,2}$/.test(scope) ? './' : scope.replace(/\/\*{1,2}$/, '');
    const wrong = path.startsWith('/') ? 'names a path from the root' : checkRuleText('filesystem_read', path);
    if (wrong !== undefined) this.#refuse(tool, wrong);
    else for (const list of lists) this.#put(list, path);
  }

  /** `WebFetch(domain:example.org)`; without a domain it names no host, and so requests none. */
  #addHost(scope: string | undefined, tool: string): void {
    const host = scope?.replace(/^domain:/, '');
    const wrong = host === undefined ? 'names no host' : checkRuleText('network', host);
    if (wrong !== undefined) this.#refuse(tool, wrong);
    else this.#put(this.#network, host ?? '');
  }

  /** `Bash(git:*)` is a program, `Bash(git add:*)` one with first words, `Bash(npm test)` one with all of them. */
  #addCommand(scope: string | undefined, tool: string): void {
    if (scope === undefined || scope === '*') return this.#put(this.#commands, '*');
    const isOpen = scope.endsWith(':*') || scope.endsWith(' *');
    const [program = '', ...words] = (isOpen ? scope.slice(0, -2) : scope).split(' ');
    const pattern = [...words, ...(isOpen ? ['**'] : [])].join(' ');
    const isWhole = isOpen && words.length === 0;
    const wrong =
      (program === '*' ? 'names no program' : checkRuleText('terminal_exec', program)) ??
      (isWhole || pattern === '' ? undefined : checkArgsText(pattern));
    if (wrong !== undefined) return void this.#refuse(tool, wrong);
    // A program without any words cannot be told apart by a pattern.
    if (isWhole || pattern === '') return this.#put(this.#commands, program);
    const patterns = this.#args.get(program) ?? new Map<string, Rule>();
    this.#put(patterns, pattern);
    this.#args.set(program, patterns);
  }

  #put(rules: Rules, text: string): void {
    if (!rules.has(text)) rules.set(text, this.#rule(text));
  }

  #rule(text: string): Rule {
    return { text, origin: this.#origin };
  }

  #refuse(tool: string, wrong: string): false {
    const message = `${FIELD}: ${quote(tool)} requests nothing: it ${wrong}`;
    const fix = 'write it such as Bash(git:*), WebFetch(domain:example.org), Read or Write';
    this.#root.report.warn({ code: 'M_ALLOWED_TOOL', path: this.#root.at(FIELD), message, fix });
    return false;
  }
}
