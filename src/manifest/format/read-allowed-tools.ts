import { type Capabilities, NO_CAPABILITIES, quote, type Rule } from '../../../host/index.ts';
import { formatField } from '../field-path.ts';
import { checkArgsText, checkRuleText } from '../rule-text.ts';
import type { TableReader } from '../table-reader.ts';

const FIELD = 'allowed-tools';
/** One name, with what it is narrowed to: `Bash(git add:*)`. */
const TOOL = /[^\s,()]+(?:\([^()]*\))?/g;
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
  const tools = readNames(root);
  const asked = new Request(root);
  for (const tool of tools) asked.add(tool);
  return { tools, capabilities: asked.capabilities };
}

function readNames(root: TableReader): readonly string[] {
  const written = Array.isArray(root.value(FIELD)) ? (root.texts(FIELD) ?? []).join(',') : (root.text(FIELD) ?? '');
  return written.match(TOOL) ?? [];
}

class Request {
  readonly #root: TableReader;
  readonly #origin: string;
  readonly #read: Rule[] = [];
  readonly #write: Rule[] = [];
  readonly #network: Rule[] = [];
  readonly #commands: Rule[] = [];
  /** Patterns of the programs that are not allowed whole. */
  readonly #args = new Map<string, Rule[]>();

  constructor(root: TableReader) {
    this.#root = root;
    this.#origin = formatField(root.at(FIELD));
  }

  add(tool: string): void {
    const [, name = '', scope] = /^([^(]*)(?:\((.*)\))?$/.exec(tool) ?? [];
    if (READERS.has(name)) put(this.#read, this.#rule('./'));
    else if (WRITERS.has(name)) {
      put(this.#read, this.#rule('./'));
      put(this.#write, this.#rule('./'));
    } else if (name === 'WebFetch') this.#addHost(scope, tool);
    else if (name === 'Bash') this.#addCommand(scope, tool);
  }

  get capabilities(): Capabilities {
    const whole = new Set(this.#commands.map(({ text }) => text));
    const commands = [
      ...this.#commands,
      ...[...this.#args.keys()].filter((program) => !whole.has(program)).map((program) => this.#rule(program)),
    ];
    const args = new Map([...this.#args].filter(([program]) => !whole.has(program) && !whole.has('*')));
    return {
      ...NO_CAPABILITIES,
      filesystemRead: this.#read,
      filesystemWrite: this.#write,
      network: this.#network,
      terminalExec: { commands: whole.has('*') ? [this.#rule('*')] : commands, blocked: [], args },
    };
  }

  /** `WebFetch(domain:example.org)`; without a domain it names no host, and so requests none. */
  #addHost(scope: string | undefined, tool: string): void {
    const host = scope?.replace(/^domain:/, '');
    if (host === undefined) return this.#refuse(tool, 'names no host');
    const wrong = checkRuleText('network', host);
    if (wrong === undefined) put(this.#network, this.#rule(host));
    else this.#refuse(tool, wrong);
  }

  /** `Bash(git:*)` is a program, `Bash(git add:*)` one with first words, `Bash(npm test)` one with all of them. */
  #addCommand(scope: string | undefined, tool: string): void {
    if (scope === undefined || scope === '*') return put(this.#commands, this.#rule('*'));
    const isOpen = scope.endsWith(':*') || scope.endsWith(' *');
    const [program = '', ...words] = (isOpen ? scope.slice(0, -2) : scope).split(' ');
    const pattern = [...words, ...(isOpen ? ['**'] : [])].join(' ');
    const isWhole = isOpen && words.length === 0;
    const wrong =
      checkRuleText('terminal_exec', program) ?? (isWhole || pattern === '' ? undefined : checkArgsText(pattern));
    if (wrong !== undefined) return this.#refuse(tool, wrong);
    // A program without any words cannot be told apart by a pattern.
    if (isWhole || pattern === '') return put(this.#commands, this.#rule(program));
    const patterns = this.#args.get(program) ?? [];
    put(patterns, this.#rule(pattern));
    this.#args.set(program, patterns);
  }

  #rule(text: string): Rule {
    return { text, origin: this.#origin };
  }

  #refuse(tool: string, wrong: string): void {
    const message = `${FIELD}: ${quote(tool)} requests nothing: it ${wrong}`;
    const fix = 'write it such as Bash(git:*), WebFetch(domain:example.org), Read or Write';
    this.#root.report.warn({ code: 'M_ALLOWED_TOOL', path: this.#root.at(FIELD), message, fix });
  }
}

function put(rules: Rule[], rule: Rule): void {
  if (!rules.some(({ text }) => text === rule.text)) rules.push(rule);
}
