/** One promise of the product. Tests cite its id in their titles, as in `it('… [R-WALL-1]')`. */
export interface Requirement {
  /** `R-`, an area in capitals, and a number: `R-WALL-1`. Never reused. */
  readonly id: string;
  /** What is promised, in one sentence a user could read. */
  readonly promise: string;
  /** Where it comes from: a document and its section. */
  readonly source: string;
  /** Why no test proves it yet. Such rows are printed; the first test that cites the id must remove this. */
  readonly pending?: string;
}

export const requirements: readonly Requirement[] = [
  {
    id: 'R-HOUSE-1',
    promise: 'The trusted base in host/ imports nothing from src/, and src/ enters it only through host/index.ts.',
    source: 'design, section 1',
  },
  {
    id: 'R-HOUSE-2',
    promise: 'The guest process carries no code of the trusted side.',
    source: 'design, section 3',
  },
  {
    id: 'R-HOUSE-3',
    promise: 'Every error code is listed in docs/errors.md with its exit code, its HTTP status and its meaning.',
    source: 'design, section 7',
  },
  {
    id: 'R-MANIFEST-1',
    promise:
      'Every problem of a skill.toml is told at once, with a stable code, file, line, column, field, what is wrong and what to do.',
    source: 'manifest, Errors',
  },
  {
    id: 'R-MANIFEST-2',
    promise:
      'A wrong manifest never throws a raw parser error, never half-loads, and never stops other skills from loading.',
    source: 'manifest, Errors',
  },
  {
    id: 'R-MANIFEST-3',
    promise: 'A declared part, export or path that the folder does not have is an error that names what it has.',
    source: 'manifest, skill.toml',
  },
  {
    id: 'R-LIST-1',
    promise: '`skill list` shows every skill of a directory, the broken ones as not ready with their reasons.',
    source: 'command line',
  },
  {
    id: 'R-COMPONENT-1',
    promise:
      'Any synchronous component links without generated code and behaves as under jco, in both directions, resources included.',
    source: 'design, section 3',
  },
  {
    id: 'R-COMPONENT-2',
    promise:
      'A truncated, oversized or mutated component is refused with a typed error and never crashes, hangs or half-runs.',
    source: 'test plan, A18',
  },
  {
    id: 'R-COMPONENT-3',
    promise:
      'Hostile import and export names are refused or are inert: no name of a guest is ever pasted into code or reaches a prototype.',
    source: 'test plan, A12 and A18',
  },
  {
    id: 'R-COMPONENT-4',
    promise:
      'The exports of a component become tools with JSON Schemas from their WIT types, and values cross both ways without loss.',
    source: 'tools and kinds',
  },
  {
    id: 'R-IMPORT-1',
    promise:
      'A module that imports what no host here offers is refused before it is compiled, and the error names the import.',
    source: 'design, section 3',
  },
  {
    id: 'R-IMPORT-2',
    promise: 'Sockets link and answer access-denied.',
    source: 'design, section 3',
  },
  {
    id: 'R-KIND-1',
    promise:
      'Components, Extism plug-ins and WASI preview 1 commands and reactors are told apart by their bytes and run in the same wall.',
    source: 'manifest, executable',
  },
  {
    id: 'R-WASI-1',
    promise: 'WASI 0.2 cli, clocks, random, io, filesystem and outgoing http are served by gated functions of our own.',
    source: 'design, section 3',
  },
  {
    id: 'R-WASI-2',
    promise: 'WASI preview 1 programs read and write granted files, and see a permission error for all others.',
    source: 'design, section 3',
  },
  {
    id: 'R-EXTISM-1',
    promise:
      'Extism plug-ins run unmodified: input, output, config, variables, logs, errors and http under the network grant.',
    source: 'design, section 3',
  },
  {
    id: 'R-WALL-1',
    promise: 'A guest process that dies costs the runs inside it a typed error and nobody else anything.',
    source: 'design, section 3',
  },
  {
    id: 'R-WALL-2',
    promise: 'A run that reaches its deadline, or whose caller aborts it, is ended whatever the guest does.',
    source: 'test plan, F6',
  },
  {
    id: 'R-WALL-3',
    promise:
      'A guest process that sends forged, malformed, oversized or out-of-order messages is answered with errors or killed, and reaches nothing.',
    source: 'test plan, A18',
  },
  {
    id: 'R-WALL-4',
    promise:
      'Runs under different grants never share a guest process, and every call gets a fresh instance unless its skill asks to keep one.',
    source: 'design, section 3',
  },
  {
    id: 'R-WALL-5',
    promise:
      'The guest process has no environment, no file system beyond its own code, no child processes and no code generation from strings.',
    source: 'design, section 3',
  },
  {
    id: 'R-WALL-6',
    promise:
      'A guest process that takes more memory than its limits can explain is killed from outside, and one that stays within them never is.',
    source: 'design, section 3',
  },
  {
    id: 'R-WALL-7',
    promise:
      'An instance that is made ahead of its call does what one made in it does: the same result, the same fuel, nothing of another call.',
    source: 'design, section 3',
  },
  {
    id: 'R-FAULT-1',
    promise:
      'A guest that crashes, by any trap or by any death of its process, costs its own run alone: the trusted process goes on, others answer, and the next call is served.',
    source: 'test plan, F5',
  },
  {
    id: 'R-FAULT-2',
    promise:
      'A guest that hangs is gone 100 ms after its deadline, or 300 ms when thirty-two hang at once, and the next call is served.',
    source: 'test plan, F6',
  },
  {
    id: 'R-FAULT-3',
    promise:
      'A guest that asks for too much memory, tables, messages, output or compilation is refused or ended, and the trusted process grows by less than 64 MiB.',
    source: 'test plan, F7',
  },
  {
    id: 'R-LIMIT-1',
    promise:
      'Wall time, linear memory, output, message size, host-call rate and host-call count are limited; each trips with a typed error that names the limit, and exit code 6.',
    source: 'command line, exit codes',
  },
  {
    id: 'R-LIMIT-2',
    promise: 'A manifest or option above a hard ceiling is refused.',
    source: 'test plan, ceilings',
  },
  {
    id: 'R-LIMIT-3',
    promise:
      'Every ceiling that touches the wall stands in one table, which the code reads, `skill run --limits` prints and docs/limits.md shows; going over it comes to what the table says.',
    source: 'test plan, ceilings',
  },
  {
    id: 'R-LIMIT-4',
    promise:
      '`skill run SKILL --limits` says what each limit of a run is and who decided it; no run gets more than the least of what policies allow.',
    source: 'manifest, limits',
  },
  {
    id: 'R-DET-1',
    promise:
      'With the same seed and clock a guest meets the same random bytes and the same time, in every run, through every ABI and on every version of Node.',
    source: 'design, determinism on request',
  },
  {
    id: 'R-DET-2',
    promise:
      'A clock that is not the real one moves only with its guest: a reading takes a millisecond, a sleep is over at once, and waiting by reading comes to an end.',
    source: 'design, determinism on request',
  },
  {
    id: 'R-DET-3',
    promise: 'The record of a run names its seed and its clock, so that it can be run again.',
    source: 'design, determinism on request',
  },
  {
    id: 'R-GATE-1',
    promise:
      'Nothing is allowed unless every layer allows it; the decision names the layer and the rule, and what mends it.',
    source: 'capabilities, How a check decides',
  },
  {
    id: 'R-GATE-2',
    promise:
      'Paths are opened race-free through descriptors: neither text tricks, links, hard links nor swapped folders reach a file outside the grant.',
    source: 'test plan, A2 and A3',
  },
  {
    id: 'R-GATE-3',
    promise:
      'An HTTP request connects only to the addresses that were checked, every redirect is decided again, and non-public addresses need a grant by number.',
    source: 'test plan, A8',
  },
  {
    id: 'R-GATE-4',
    promise:
      'Programs run as an argument vector with granted environment alone, without a shell, and die as a tree at the limit.',
    source: 'test plan, A4 to A6',
  },
  {
    id: 'R-GATE-5',
    promise:
      'A decision is bound to the value that is used and to the grants at that moment: a grant revoked during a run counts at once.',
    source: 'test plan, A17',
  },
  {
    id: 'R-GATE-6',
    promise: 'Secrets reach a guest only when granted, and never appear in logs, records, errors or traces.',
    source: 'capabilities',
  },
  {
    id: 'R-LEDGER-1',
    promise: 'Every decision is recorded before its effect; when it cannot be recorded, the effect does not happen.',
    source: 'capabilities, The record',
  },
  {
    id: 'R-LEDGER-2',
    promise: '`skill audit verify` finds an edited, removed, inserted or re-ordered record.',
    source: 'capabilities, The record',
  },
  {
    id: 'R-RUN-1',
    promise:
      '`skill run` executes a tool of a skill, a folder or a bare module, with typed arguments, raw input, grants, limits, traces and both formats.',
    source: 'command line, run',
  },
  {
    id: 'R-RUN-2',
    promise: 'Every failure ends with its exit code, says what happened and why, and names the command that mends it.',
    source: 'command line, exit codes',
  },
  {
    id: 'R-RUN-3',
    promise:
      'Input that does not fit the parameters, and output that does not fit what is declared, are refused with the place and the reason.',
    source: 'tools and kinds',
  },
  {
    id: 'R-RUN-4',
    promise: 'Ctrl-C ends a run cleanly with exit code 130 and leaves no process behind.',
    source: 'command line, run',
  },
  {
    id: 'R-CLI-1',
    promise:
      'Data goes to stdout and talk to stderr, nothing is coloured off a terminal, and an unknown verb or option suggests the nearest.',
    source: 'command line',
  },
  {
    id: 'R-CLI-2',
    promise: 'Text from skills and modules is shown inert: it cannot move the cursor, hide, or forge lines.',
    source: 'test plan, A19',
  },
  {
    id: 'R-LEDGER-3',
    promise: 'Any number of processes append at once, each is killed anywhere, and no record that was taken is lost.',
    source: 'capabilities, The record',
  },
  {
    id: 'R-FUEL-1',
    promise:
      'A metered module does what the module does, and uses the fuel that a count before every instruction would, at each call of the host and each return.',
    source: 'design, section 3',
  },
  {
    id: 'R-FUEL-2',
    promise: 'Every opcode is metered, or refused by its number and the name of its extension.',
    source: 'design, section 3',
  },
  {
    id: 'R-FUEL-3',
    promise:
      'Metering makes no valid module invalid and no invalid one valid: what it adds cannot be named by a guest.',
    source: 'design, section 3',
  },
  {
    id: 'R-FUEL-4',
    promise: 'A guest whose fuel is used up traps, each time at the same place, whatever it catches.',
    source: 'design, section 3',
  },
  {
    id: 'R-FUEL-5',
    promise: 'The same call of the same module uses the same fuel on every version of Node.',
    source: 'design, section 3',
  },
  {
    id: 'R-FUEL-6',
    promise: 'Operations on stretches of memory and tables are paid for by their length before they begin.',
    source: 'design, section 3',
  },
  {
    id: 'R-RUNTIME-1',
    promise:
      '`createRuntime` offers tools, run, events and AbortSignal, and does what the command line does, by the same path.',
    source: 'tools and kinds, Agents',
  },
  {
    id: 'R-WIT-1',
    promise: 'The published interface is versioned, documented line by line, and its frozen copies never change.',
    source: 'design, section 1',
  },
  {
    id: 'R-MATCH-1',
    promise:
      'A prompt finds skills by topics said exactly, by synonym or misspelt (0, 1 or 2 errors by length), and by the words of name, keywords, description and body, in any script.',
    source: 'knowledge, Match',
  },
  {
    id: 'R-MATCH-2',
    promise: 'Every match tells which words of the prompt hit which topic or field, by which rule.',
    source: 'knowledge, Match',
  },
  {
    id: 'R-MATCH-3',
    promise:
      'Matches go by rule, then priority, then score, then id; skills that are always on are told apart, to be put first.',
    source: 'knowledge, Order',
  },
  {
    id: 'R-MATCH-4',
    promise: 'A prompt that means no skill gets none: the best match has at least the threshold.',
    source: 'knowledge, Match',
  },
  {
    id: 'R-MATCH-5',
    promise:
      'A skill the prompt names only to reject it is not returned, and what a skill says it is not for speaks against it.',
    source: 'knowledge, Match',
  },
  {
    id: 'R-MATCH-6',
    promise:
      'An updated index is byte for byte the one built from nothing, and only new and changed skills are read for it.',
    source: 'knowledge, index',
  },
  {
    id: 'R-MATCH-7',
    promise:
      'An index that is truncated, damaged, forged or of another version is refused or answers; it never throws, hangs or shows other memory.',
    source: 'knowledge, index',
  },
  {
    id: 'R-MATCH-8',
    promise: 'Matching and indexing take bounded time and memory, whatever the prompt or the skill.',
    source: 'knowledge, performance',
  },
  {
    id: 'R-MATCH-9',
    promise:
      'On public skills and prompts matching is well above plain BM25, and does not fall below what was measured.',
    source: 'knowledge, performance',
  },
  {
    id: 'R-SKILLS-1',
    promise:
      'The first-party skills are built from their sources, byte for byte the same each time, and do what their pages say.',
    source: 'design, section 1',
  },
  {
    id: 'R-DOCS-1',
    promise: 'The examples of the README and the guides are executed.',
    source: 'house rules',
  },
  {
    id: 'R-DOCS-2',
    promise: 'Each reason of a refusal is explained on a page, with what mends it.',
    source: 'design, section 2',
  },
  {
    id: 'R-BENCH-1',
    promise: 'Every promised number is measured beside its peers in one run, in turn, and compared by medians.',
    source: 'design, section 6',
  },
  {
    id: 'R-BENCH-2',
    promise:
      'A number that was not measured, because a peer is absent or something failed, is never printed as a number; a failure sets exit code 1, a missed target does not.',
    source: 'design, section 6',
  },
  {
    id: 'R-BENCH-3',
    promise:
      '`skill bench --json` prints the machine, Node, the date and, for every row, ours, peer, ratio, target and verdict.',
    source: 'design, section 6',
  },
  {
    id: 'R-CONTROL-1',
    promise: 'Tests turn red on a build from which one wall was taken out, for each wall, and one command shows it.',
    source: 'test plan, negative controls',
  },
  {
    id: 'R-CONTROL-2',
    promise: 'Random tests draw the same numbers in every run, and others only when they are told to.',
    source: 'house rules',
  },
  {
    id: 'R-KTEST-1',
    promise:
      'The cases of tests/knowledge_test.md are read from Markdown as people write it: label and value on one line or below, any line ends, code and comments passed over.',
    source: 'knowledge, knowledge_test.md',
  },
  {
    id: 'R-KTEST-2',
    promise:
      'Every problem of tests/knowledge_test.md is told at once with code, line, column and what to do; a case with an error is never run, and its neighbours are.',
    source: 'knowledge, knowledge_test.md',
  },
  {
    id: 'R-KTEST-3',
    promise:
      'A case passes exactly when the files are those it lists and each of its quoted strings is there; each failure says what was expected and what was found.',
    source: 'knowledge, knowledge_test.md',
  },
  {
    id: 'R-SECTION-1',
    promise:
      'Knowledge is cut at the headings a reader sees, underlined ones too, and at none within code fences, comments, lists or quotations.',
    source: 'knowledge, Assemble',
  },
  {
    id: 'R-SECTION-2',
    promise: 'The sections of a text, put together, are the whole text; none begins or ends within a line.',
    source: 'knowledge, Assemble',
  },
  {
    id: 'R-SECTION-3',
    promise: 'Cutting and cleaning knowledge takes time linear in its length, whatever it holds.',
    source: 'knowledge, Assemble',
  },
  {
    id: 'R-SECTION-4',
    promise:
      'Invisible, bidirectional and control characters are taken out of knowledge and told with line, column and code point; emoji and scripts that need joiners stay as they are.',
    source: 'knowledge, Wrap',
  },
  {
    id: 'R-SKILLS-2',
    promise:
      'Bundled knowledge hides nothing, comes in sections that fit whole, shows code its shell can read, and costs at most 500 tokens where it is always on.',
    source: 'knowledge, Assemble',
  },
  {
    id: 'R-CONFIRM-1',
    promise:
      'A host may be asked before a run whose skill declares what nobody granted; without it, or without its yes, the run gets nothing more.',
    source: 'tools and kinds, Agents',
  },
  {
    id: 'R-CONFIRM-2',
    promise: 'The answer of a host is recorded before the run begins, and a run that is aborted does not wait for it.',
    source: 'tools and kinds, Agents',
  },
  {
    id: 'R-AGENT-1',
    promise:
      'A selection (`none`, `all`, `a,b`, `!a`) takes names exactly, refuses what it cannot mean, and tells the names that no skill has.',
    source: 'command line',
  },
  {
    id: 'R-AGENT-2',
    promise:
      'Every tool gets a name that any provider takes; it depends on its skill and its name alone, and no two tools share one.',
    source: 'tools and kinds, Agents',
  },
  {
    id: 'R-AGENT-3',
    promise:
      'A call by that name runs the tool that was listed, whatever lies on the disk since, and comes back as a result or as an error with code, message and hint.',
    source: 'tools and kinds, Agents',
  },
  {
    id: 'R-AGENT-4',
    promise:
      'The tools of a runtime are tools of the AI SDK: its models read results and refusals, and its abort signal ends runs.',
    source: 'tools and kinds, Agents',
  },
  {
    id: 'R-AGENT-5',
    promise:
      'What an agent reads about a skill hides nothing: characters that cannot be seen, or that reorder a line, are written out.',
    source: 'test plan, A19',
  },
  {
    id: 'R-AGENT-6',
    promise:
      'A skill that is not ready, or whose id another skill has as well, is left out with the reason and stops no other.',
    source: 'tools and kinds, Agents',
  },
  {
    id: 'R-MCP-1',
    promise:
      '`skill mcp` serves tools, prompts and skills to the official client over stdio and over streamable HTTP, in the old revision of the protocol and the new.',
    source: 'tools and kinds, Agents',
  },
  {
    id: 'R-MCP-2',
    promise:
      'A run that fails is a result that says so, with code, message and hint; errors of the protocol are for faults of the client alone.',
    source: 'tools and kinds, Agents',
  },
  {
    id: 'R-MCP-3',
    promise: 'A client that cancels a call, or goes away, ends its run.',
    source: 'tools and kinds, Agents',
  },
  {
    id: 'R-MCP-4',
    promise:
      'Skills are given out by the skills extension with the digest of every file; nothing outside of their folders, nothing changed since, and at most 512 files and 16 MiB of each.',
    source: 'tools and kinds, Agents',
  },
  {
    id: 'R-MCP-5',
    promise:
      'Over HTTP nobody is served but clients of this machine or holders of the token: other hosts, origins, oversized and malformed requests are refused, and the server goes on.',
    source: 'tools and kinds, Agents',
  },
  {
    id: 'R-MCP-6',
    promise:
      'Standard output of `skill mcp` is the protocol and nothing else, and no other verb loads what only it needs.',
    source: 'command line',
  },
  {
    id: 'R-CATALOG-1',
    promise:
      'A listing from the index says what reading every folder would say, whatever was added, removed, edited, replaced, renamed, linked, broken or mended; only what is written in other files than the manifest and the module is not seen.',
    source: 'knowledge, index',
  },
  {
    id: 'R-CATALOG-2',
    promise:
      'Of a directory of skills only the folders that changed are read again, and one that is broken never stops the others.',
    source: 'knowledge, index',
  },
  {
    id: 'R-CATALOG-3',
    promise:
      'An index that is torn, damaged, forged or cannot be written is made again or done without; it never stops a listing, leads out of a directory, or runs another skill than was named.',
    source: 'test plan, F9',
  },
  {
    id: 'R-CATALOG-4',
    promise:
      'Names that begin with core. belong to the skills that ship with skillhost: another skill that takes one is not ready, and takes nothing from the one it belongs to.',
    source: 'knowledge, Order',
  },
  {
    id: 'R-CONTEXT-1',
    promise: 'A prompt that no skill fits puts nothing in front of the model but what is always on.',
    source: 'knowledge, Match',
  },
  {
    id: 'R-CONTEXT-2',
    promise: 'A context never takes more tokens than its budget, nor a skill more than its max_context_tokens.',
    source: 'knowledge, Assemble',
  },
  {
    id: 'R-CONTEXT-3',
    promise:
      'Sections of knowledge stand in a context whole or not at all, in the order of their file, and all that fits and was left out is told with the reason.',
    source: 'knowledge, Assemble',
  },
  {
    id: 'R-CONTEXT-4',
    promise:
      'Outside of its marks nothing in a context comes from a skill, and no text, name or description of a skill can open or close a mark or seem to.',
    source: 'knowledge, Wrap',
  },
  {
    id: 'R-CONTEXT-5',
    promise:
      'Whatever a folder of knowledge holds, putting a context together takes bounded time, reads nothing outside of the folder and tells what it did not read.',
    source: 'test plan, A13',
  },
  {
    id: 'R-CONTEXT-6',
    promise:
      'Without a tokenizer tokens are estimated, and for prose and code in any script never below what the tokenizer counts.',
    source: 'knowledge, Assemble',
  },
  {
    id: 'R-CONTEXT-7',
    promise:
      '`skill context`, `skill search` and `skill test` say what they do as text and as data, move no cursor whatever a skill or a prompt holds, and name the next command when something is wrong.',
    source: 'command line',
  },
  {
    id: 'R-SELECT-1',
    promise:
      '`--skills` and its like take `all`, `none`, `a,b` or `!a`, exactly as written: a name that no skill has is refused, and an alias never lets in a skill under the id of another.',
    source: 'knowledge, Match',
  },
  {
    id: 'R-FORMAT-1',
    promise: 'A complete SKILL.md, skill.json and manifest.yaml each become one Manifest, field by field.',
    source: 'manifest, the table of formats',
  },
  {
    id: 'R-FORMAT-2',
    promise:
      'Every problem of a SKILL.md, skill.json or manifest.yaml is told at once, inside the file, with its field and a fix in the syntax of that format.',
    source: 'manifest, Errors',
  },
  {
    id: 'R-FORMAT-3',
    promise:
      'An unknown field is a warning that names the nearest known one, and an error in strict reading; what public skills do wrong and nobody is harmed by is a warning.',
    source: 'manifest, SKILL.md',
  },
  {
    id: 'R-FORMAT-4',
    promise:
      'Front matter starts and ends at lines of three dashes as every reader sees them; any other language than YAML is refused.',
    source: 'manifest, SKILL.md',
  },
  {
    id: 'R-FORMAT-5',
    promise:
      'The field allowed-tools becomes a request for capabilities and never a grant; what is not understood requests nothing, and no part of it turns into more than is written.',
    source: 'manifest, SKILL.md',
  },
  {
    id: 'R-FORMAT-6',
    promise: 'Every field of the version 2 document is in the manifest or reported; none vanishes.',
    source: 'manifest, skill.json (v2) and manifest.yaml (SDK)',
  },
  {
    id: 'R-FORMAT-7',
    promise:
      'Aliases, cycles, nesting and size of a manifest of any format are bounded in time and memory, and end in a clear problem.',
    source: 'manifest, Errors',
  },
  {
    id: 'R-FORMAT-8',
    promise:
      'What readers of YAML or JSON understand differently is refused: tags, repeated keys, several documents, comments in JSON, odd line ends, numbers that cannot be kept.',
    source: 'manifest, Errors',
  },
  {
    id: 'R-FORMAT-9',
    promise:
      'Keys named __proto__, constructor and prototype are refused at every level of every format, and so are names that become keys.',
    source: 'manifest, skill.toml',
  },
  {
    id: 'R-FORMAT-10',
    promise:
      'Of several manifests in a folder the first of skill.toml, SKILL.md, skill.json and manifest.yaml counts, and each other one is a warning.',
    source: 'manifest, the table of formats',
  },
  {
    id: 'R-FORMAT-11',
    promise:
      'Nothing that has the name of a manifest hangs, is read beyond its ceiling, is read outside of the skill, or is evaluated.',
    source: 'manifest, Errors',
  },
  {
    id: 'R-FORMAT-12',
    promise: 'The same skill, written in each of the formats, yields the same fields of the manifest.',
    source: 'manifest, the table of formats',
  },
  {
    id: 'R-FORMAT-13',
    promise:
      '`skill validate --format sarif` tells all problems as one run of SARIF 2.1.0, the same in every run, and exits as it does without.',
    source: 'manifest, Errors',
  },
  {
    id: 'R-CONTEXT-8',
    promise: 'Only skills that ship with skillhost are in a context whatever the prompt.',
    source: 'knowledge, Order',
  },
  {
    id: 'R-COMMAND-1',
    promise:
      'What recipes start, look up and read goes through the gate and the walls of guests: decided and recorded before it happens, in a folder that may be read, within the limits.',
    source: 'design, section 1',
  },
  {
    id: 'R-COMMAND-2',
    promise:
      'No variable that makes a loader, a shell or an interpreter run other code is set for a program unless it is granted by name.',
    source: 'test plan, A5',
  },
  {
    id: 'R-WORKFLOW-1',
    promise:
      'A recipe is run from the command line by its id, its skill and id, or a folder, with parameters from pairs, files and defaults; its steps are told as they happen, its registered outputs are printed.',
    source: 'recipes, Run',
  },
  {
    id: 'R-WORKFLOW-2',
    promise: 'A recipe that fails tells what was undone and what is left, step by step, and what mends it.',
    source: 'recipes, Run',
  },
  {
    id: 'R-WORKFLOW-3',
    promise:
      'A dry run shows every command with its values, the decision of the gate and its confirmation, and does nothing at all.',
    source: 'recipes, Run',
  },
  {
    id: 'R-WORKFLOW-4',
    promise:
      'A run that was interrupted or killed is listed, carried on or undone from the command line; a step that may have run is not run again unless somebody says so.',
    source: 'recipes, Run',
  },
  {
    id: 'R-WORKFLOW-5',
    promise:
      'Without a terminal a question of a recipe is an error and never a yes; on a terminal it is asked, and secrets are not shown.',
    source: 'recipes, Run',
  },
  {
    id: 'R-WORKFLOW-6',
    promise: 'Programs get the events of a recipe one a line, and the problems of recipes as JSON and SARIF.',
    source: 'recipes, Run',
  },
  {
    id: 'R-WORKFLOW-7',
    promise:
      'Recipes whose triggers fit a prompt and its surroundings are offered in its context and listed for it; listings show recipes as they are now.',
    source: 'recipes, Agents',
  },
  {
    id: 'R-COMMAND-3',
    promise:
      'In bubblewrap a program sees the programs of the system, what all layers grant and a folder of its own; no other file or process, and no network unless every layer grants programs:*.',
    source: 'capabilities, How a check decides',
  },
  {
    id: 'R-COMMAND-4',
    promise:
      'Where neither bubblewrap nor Landlock works programs run all the same and their records say isolation: none; where bubblewrap works, a program is never started outside of it.',
    source: 'capabilities, How a check decides',
  },
  {
    id: 'R-OS-10',
    promise:
      'Under Landlock a program reads the programs of the system, itself and what all layers grant, and changes what all layers grant to be written and a folder of its own; what else is on the machine is not there or refused, whatever links lead to it.',
    source: 'capabilities, Programs',
  },
  {
    id: 'R-OS-11',
    promise:
      'Under Landlock a program has no network, neither TCP nor UDP, unless every layer grants programs:*, and never reaches a server that listens at a name in the file system.',
    source: 'capabilities, Programs',
  },
  {
    id: 'R-OS-12',
    promise:
      'A program under Landlock gets its arguments, variables, input and folder exactly, and no descriptor of the trusted process; it ends with its own code, and all it started ends with it.',
    source: 'capabilities, Programs',
  },
  {
    id: 'R-OS-13',
    promise:
      'Landlock is chosen where a program was run by it and bubblewrap does not work; when it fails later the program is not started, and the error says at which step.',
    source: 'capabilities, Programs',
  },
  {
    id: 'R-OS-14',
    promise:
      'A program under Landlock has no capability, gets none by a file or a namespace, and neither sees nor touches a process that is not its own.',
    source: 'capabilities, Programs',
  },
  {
    id: 'R-OS-15',
    promise: 'Of each version of Landlock all that it has is used, and nothing that it lacks is counted on.',
    source: 'capabilities, Programs',
  },
  {
    id: 'R-COMMAND-5',
    promise:
      'A program that is granted by name does not become another by its arguments: forms that start programs or reach elsewhere are refused unless a pattern spells them out.',
    source: 'test plan, A6',
  },
  {
    id: 'R-RTEST-1',
    promise:
      '`skill test` runs the cases of tests/recipe_test.yaml by what runs recipes, with commands, files, variables, answers and refusals that the case makes up; nothing is started, touched or written down.',
    source: 'recipes, tests/recipe_test.yaml',
  },
  {
    id: 'R-RTEST-2',
    promise:
      'A file of recipe tests is read with every problem at once, each with its place and its fix, and none of its cases runs before all are mended.',
    source: 'recipes, tests/recipe_test.yaml',
  },
  {
    id: 'R-RTEST-3',
    promise:
      'A command in a test is answered by the first mock whose pattern stands for the whole line; one that none fits fails the case. Patterns know `*` alone, and are bounded in time.',
    source: 'recipes, tests/recipe_test.yaml',
  },
  {
    id: 'R-RTEST-4',
    promise:
      'In a test the recipes of steps run, tools are mocked as tool:ID, prompts answered by the case, and a case that does not end is ended.',
    source: 'recipes, tests/recipe_test.yaml',
  },
  {
    id: 'R-RTEST-5',
    promise:
      '`skill test` tells of each recipe how many of its steps and rollback entries ran in any case, and the names of those that never did.',
    source: 'recipes, tests/recipe_test.yaml',
  },
  {
    id: 'R-RTEST-6',
    promise:
      '`skill test` tells knowledge and recipe tests of a skill together, as text and as data, and exits with 1 for a case that failed and 5 for tests that cannot be read.',
    source: 'recipes, tests/recipe_test.yaml',
  },
  {
    id: 'R-SHIPPED-1',
    promise:
      'The recipe squash-commits of core.git makes one commit of the last N, leaves index and files as they are and keeps the commits under a name; it refuses what it cannot do safely, and leaves everything as it was when it fails.',
    source: 'recipes',
  },
  {
    id: 'R-SHIPPED-2',
    promise:
      'The recipe release-tag of core.git counts a version up, commits it and makes an annotated tag; when it fails, branch, tags, index and files are as before.',
    source: 'recipes',
  },
  {
    id: 'R-SHIPPED-3',
    promise:
      'The recipe archive-folder of core.posix packs a folder, compares the archive with it and writes its SHA-256; it replaces nothing, and leaves nothing behind when it fails.',
    source: 'recipes',
  },
  {
    id: 'R-SHIPPED-4',
    promise:
      'Every step and every rollback entry of the recipes that ship with skillhost runs in their own tests, and each command they can come to fits the patterns of their manifest.',
    source: 'recipes',
  },
  {
    id: 'R-RECIPE-1',
    promise: 'What a recipe says is read as it is written, in order, whatever way of YAML it is written in.',
    source: 'recipes, the table',
  },
  {
    id: 'R-RECIPE-2',
    promise:
      'Every problem of a recipe is told at once with its code, line, column, field and what to do, and whatever the bytes are, reading ends and never throws.',
    source: 'recipes, the table; test plan, A10',
  },
  {
    id: 'R-RECIPE-3',
    promise:
      'The recipes of a skill have ids of their own, find those they run, never run themselves, hand no secret to what is none, and start nothing the skill does not declare.',
    source: 'recipes, Run',
  },
  {
    id: 'R-RECIPE-4',
    promise:
      'A value is put into a recipe once and never read again: it is one argument, one variable, byte for byte, and no shell makes more of it.',
    source: 'recipes, Templates; test plan, A4 and A14',
  },
  {
    id: 'R-RECIPE-5',
    promise:
      'A value fits its parameter or is refused before anything runs, and none becomes an option unless its parameter says so.',
    source: 'recipes, Templates; test plan, A6',
  },
  {
    id: 'R-RECIPE-6',
    promise: 'A pattern of a stranger is matched in bounded work, or refused.',
    source: 'test plan, A9',
  },
  {
    id: 'R-RECIPE-7',
    promise:
      'Whatever fails, and wherever a run is cut off, it ends in one of five results, does nothing twice, is undone in reverse, and its report says what was and what was not undone.',
    source: 'recipes, Run; test plan, F12',
  },
  {
    id: 'R-RECIPE-8',
    promise:
      'What a run does next follows from its journal alone, and what a run keeps does not grow with what its steps print.',
    source: 'test plan, F12',
  },
  {
    id: 'R-RECIPE-9',
    promise:
      'A dry run shows every command with its values, the decision on it and its confirmation, and does nothing.',
    source: 'recipes, Run',
  },
  {
    id: 'R-RECIPE-10',
    promise:
      'A process that is killed in a recipe leaves a run that another one carries on or takes back, and no step runs twice.',
    source: 'recipes, Run; test plan, F12',
  },
  {
    id: 'R-RECIPE-11',
    promise:
      'A recipe goes the path of every call: validated, granted, recorded, and carried on only as what it began as.',
    source: 'recipes, Run',
  },
  {
    id: 'R-RECIPE-12',
    promise:
      'A secret reaches programs by their environment and is in no journal, ledger, event, report, error or dry run.',
    source: 'recipes, the table; test plan, A19',
  },
  {
    id: 'R-RECIPE-13',
    promise:
      'A recipe that a model calls asks the host for what wants a yes, and does nothing without one; a tool it calls gets no more than both skills declare and the grant allows.',
    source: 'recipes, Agents',
  },
  {
    id: 'R-JOURNAL-1',
    promise: 'A journal holds what was written of a run, in order, up to the last whole line.',
    source: 'recipes, Run',
  },
  {
    id: 'R-JOURNAL-2',
    promise: 'A run is carried on by one process at a time, and by another as soon as that one has stopped or died.',
    source: 'recipes, Run',
  },
  {
    id: 'R-JOURNAL-3',
    promise: 'A journal in which a byte, a line or a file was changed is refused, and nothing of it believed.',
    source: 'recipes, Run',
  },
  {
    id: 'R-TRUST-1',
    promise: 'A signature covers id, version and content together, and verifies for no other.',
    source: 'distribution, Signatures',
  },
  {
    id: 'R-TRUST-2',
    promise: 'What minisign, gpg and openssl sign is verified, and minisign and openssl verify what is signed here.',
    source: 'distribution, Signatures',
  },
  {
    id: 'R-TRUST-3',
    promise: 'A signature that is there and wrong refuses a package, whatever is required of it.',
    source: 'distribution, Signatures',
  },
  {
    id: 'R-TRUST-4',
    promise: 'A signature by nobody who is known counts as none, and the verdict says so.',
    source: 'distribution, Signatures',
  },
  {
    id: 'R-TRUST-5',
    promise:
      'What a revoked or expired key signed is refused; what a log shows an identity to have signed before it was revoked is not.',
    source: 'distribution, Signatures',
  },
  {
    id: 'R-TRUST-6',
    promise:
      'After a version that was signed comes none that is unsigned or by another signer, unless one replaces the other or somebody accepts it.',
    source: 'distribution, Signatures',
  },
  {
    id: 'R-TRUST-7',
    promise: 'A threshold counts each signer once, however many signatures, names or older keys it has.',
    source: 'test plan, A16',
  },
  {
    id: 'R-TRUST-8',
    promise: 'A user can make the trust policy of a company stricter, never laxer.',
    source: 'distribution, Signatures',
  },
  {
    id: 'R-TRUST-9',
    promise: 'A mistake in a trust policy is told with its field, what is wrong and what to write.',
    source: 'distribution, Signatures',
  },
  {
    id: 'R-TRUST-10',
    promise:
      'A Sigstore bundle is verified without a network: against the trust root that was given, by the exact issuer and the whole subject.',
    source: 'distribution, Signatures',
  },
  {
    id: 'R-TRUST-11',
    promise: 'A signed list of files holds when it names each file with its digest, and no file that is missing.',
    source: 'distribution, Signatures',
  },
  {
    id: 'R-TRUST-12',
    promise: 'No change to a signature makes it vouch for something else, and none ends in a raw error.',
    source: 'test plan, A16',
  },
  {
    id: 'R-TRUST-13',
    promise: 'Each attack that The Update Framework names is refused, or has nothing to work on.',
    source: 'test plan, A16',
  },
  {
    id: 'R-TRUST-14',
    promise: 'Every reason for which trust is refused is in docs/trust.md, and shown by a test.',
    source: 'distribution, Signatures',
  },
  {
    id: 'R-ARCHIVE-1',
    promise:
      'What tar, Python, git, npm and zip tools pack is read as it was: contents, names in UTF-8, and which files are executable.',
    source: 'distribution, sources',
  },
  {
    id: 'R-ARCHIVE-6',
    promise: 'Files are packed into the same archive whenever and in whatever order, and it is read again as it was.',
    source: 'distribution, Signatures',
  },
  {
    id: 'R-ARCHIVE-5',
    promise:
      'The name of every file in a package is one that all systems hold as it is, and that leads nowhere else on any of them.',
    source: 'test plan, A2',
  },
  {
    id: 'R-DOWNLOAD-1',
    promise:
      'A download ends within its time and its bytes, however slow the server is and whatever it says, with an error that tells which.',
    source: 'test plan, F8',
  },
  {
    id: 'R-DOWNLOAD-2',
    promise:
      'A server that is busy for a moment is asked once more, when it says for how long, and never with what changes something.',
    source: 'test plan, F8',
  },
  {
    id: 'R-DOWNLOAD-3',
    promise:
      'No download connects to an address that is not public, however it is written, named, redirected to, or changed meanwhile.',
    source: 'test plan, A8',
  },
  {
    id: 'R-DOWNLOAD-4',
    promise: 'Only hosts the operator listed are asked without encryption, or may have private addresses.',
    source: 'test plan, A8',
  },
  {
    id: 'R-DOWNLOAD-5',
    promise: 'A redirect is followed for what only reads, five times, and takes no secret to another server.',
    source: 'test plan, A8',
  },
  {
    id: 'R-DOWNLOAD-6',
    promise:
      'An archive from the web is pinned to its sum, and is refused when it is not what was expected or what the sum beside it says.',
    source: 'distribution, sources',
  },
  {
    id: 'R-ARCHIVE-2',
    promise:
      'An archive that holds links, devices, names that lead out, or anything that two readers would understand in two ways is refused, with the entry named, and nothing of it is written.',
    source: 'test plan, A1',
  },
  {
    id: 'R-ARCHIVE-3',
    promise:
      'An archive that unpacks to more than a skill may have is given up at the ceiling, whatever it says about itself.',
    source: 'test plan, A1',
  },
  {
    id: 'R-ARCHIVE-4',
    promise:
      'Of an archive only names, contents and whether the owner may run a file are kept, without the one folder all of it lies in.',
    source: 'distribution, sources',
  },
  {
    id: 'R-SOURCE-1',
    promise:
      'Every source gives the files of a package as they are, says what it turned out to be so that the same can be had again, and takes only its own requests.',
    source: 'distribution, table',
  },
  {
    id: 'R-GIT-1',
    promise:
      'A skill is fetched from a git repository by tag, branch or commit, from a folder of it, or from one with several skills.',
    source: 'distribution, table',
  },
  {
    id: 'R-GIT-2',
    promise:
      'What was fetched is pinned to its commit: the pinned request gives the same files after the branch has moved, a branch that is named like the commit is not taken for it, and other bytes are refused.',
    source: 'distribution, table; test plan, A7',
  },
  {
    id: 'R-GIT-3',
    promise:
      'Fetching a git repository runs nothing that it, the user or the environment set up: no hook, filter, monitor, helper or submodule.',
    source: 'test plan, A7',
  },
  {
    id: 'R-GIT-4',
    promise:
      'Git connects to the addresses that were checked and to no others: none that is not public and not listed, no proxy, and not where a redirect leads.',
    source: 'test plan, A8',
  },
  {
    id: 'R-GIT-5',
    promise:
      'An address of a git repository with a password in it is refused, and the password is neither kept nor shown.',
    source: 'test plan, A7',
  },
  {
    id: 'R-GIT-6',
    promise:
      'A link, a submodule, a pointer of Git LFS or too much in a skill is refused; elsewhere in its repository it does not matter.',
    source: 'test plan, A7',
  },
  {
    id: 'R-GIT-7',
    promise:
      'Fetching a git repository ends in time, with the caller and at a number of files and bytes, and nothing it started lives on.',
    source: 'test plan, A7',
  },
  {
    id: 'R-GIT-8',
    promise: 'A name that is both a tag and a branch is refused with the two names that are not.',
    source: 'distribution, table',
  },
  {
    id: 'R-GIT-9',
    promise: 'Each failure of git is told with what to do next, and what git said is escaped and cut.',
    source: 'distribution, table',
  },
  {
    id: 'R-TREE-1',
    promise:
      'The hash of a skill is over the name, the bytes and the executable bit of each of its files and nothing else, and the same on every system.',
    source: 'distribution, skills.lock',
  },
  {
    id: 'R-TREE-2',
    promise:
      'A package whose names stand in the way of each other on any system, or that is larger than a skill may be, is refused.',
    source: 'distribution, fetch',
  },
  {
    id: 'R-TREE-3',
    promise:
      'Of a folder only plain files are taken; a link is never followed, not even one that a file is swapped for meanwhile.',
    source: 'test plan, A3',
  },
  {
    id: 'R-ANALYZE-1',
    promise:
      'Text that a model reads and a person does not see is found before a skill is installed, with its file and line.',
    source: 'distribution, fetch',
  },
  {
    id: 'R-ANALYZE-2',
    promise:
      'Dangerous calls, obfuscation, remote code, lasting harm and theft in sources are found by rules, each with its file, line, reason and fix.',
    source: 'governance, Analysis before approval',
  },
  {
    id: 'R-ANALYZE-3',
    promise: 'What is ordinary alone and dangerous together is found, in one file and across the files of a skill.',
    source: 'governance, Analysis before approval',
  },
  {
    id: 'R-ANALYZE-4',
    promise:
      'Text that works on a model against the person it works for is found, and text that only speaks of it raises no alarm.',
    source: 'governance, Analysis before approval',
  },
  {
    id: 'R-ANALYZE-5',
    promise: 'Secrets in a skill are found by the forms their services give them, and placeholders are not.',
    source: 'governance, Analysis before approval',
  },
  {
    id: 'R-ANALYZE-6',
    promise:
      'Every class of characters that are not seen raises an alarm in an analysis, and scripts that need them do not.',
    source: 'governance, Analysis before approval',
  },
  {
    id: 'R-ANALYZE-7',
    promise:
      'Files that are not what their names say, programs, archives, links and modules that no manifest names are found.',
    source: 'governance, Analysis before approval',
  },
  {
    id: 'R-ANALYZE-8',
    promise:
      'What a manifest asks for is compared with what is there: hosts, places, imports, scopes without limit, capabilities without use.',
    source: 'governance, Analysis before approval',
  },
  {
    id: 'R-ANALYZE-9',
    promise: 'The score of a skill is a sum that is shown line by line, and one critical finding is enough to block.',
    source: 'governance, Analysis before approval',
  },
  {
    id: 'R-ANALYZE-10',
    promise: 'An analysis ends soon and says what it left out, whatever the files are; nothing of a skill is run.',
    source: 'governance, Analysis before approval',
  },
  {
    id: 'R-ANALYZE-11',
    promise: '`skill analyze` prints findings for people, as JSON and as SARIF, and its exit code follows `--fail-on`.',
    source: 'governance, Analysis before approval',
  },
  {
    id: 'R-ANALYZE-12',
    promise: 'Somebody who is asked whether to install a skill is told first what is critical in its files.',
    source: 'governance, Analysis before approval',
  },
  {
    id: 'R-STORE-1',
    promise: 'What has a name in the store is whole, read-only, and what its name says.',
    source: 'distribution, store',
  },
  {
    id: 'R-STORE-2',
    promise: 'Whatever befalls a tree in the store is found before it is used, and mended by installing it again.',
    source: 'test plan, F9',
  },
  {
    id: 'R-LOCK-1',
    promise: 'The lock file says the same for the same content, entry by entry, and is read as it was written.',
    source: 'distribution, skills.lock',
  },
  {
    id: 'R-LOCK-2',
    promise:
      'A skills.lock that was cut, edited, half merged or written by a later version does not count, and is left as it is.',
    source: 'test plan, F3',
  },
  {
    id: 'R-CONFIG-1',
    promise:
      'The configuration is read whole or refused with the place and the fix; that of the operator cannot be loosened.',
    source: 'capabilities, how a check decides',
  },
  {
    id: 'R-CONFIG-2',
    promise:
      'What never_grant names is granted by nobody, neither lock file, call nor host, and what always_confirm names is asked for at each run.',
    source: 'distribution, fetch',
  },
  {
    id: 'R-INSTALL-1',
    promise:
      'A command that is killed, meets a full disk or loses what was not flushed, at any call of the system, leaves the old state or the new one, and run again it ends as if nothing had been.',
    source: 'test plan, F1 and F4',
  },
  {
    id: 'R-INSTALL-2',
    promise:
      'Processes that change a home at once do so one after the other, and one that was killed in its turn holds up nobody.',
    source: 'test plan, F10',
  },
  {
    id: 'R-INSTALL-3',
    promise: 'The command skill add pins exactly what was fetched and checked, all that was asked for or nothing.',
    source: 'distribution, fetch',
  },
  {
    id: 'R-INSTALL-4',
    promise:
      'An older version, another origin, or other bytes under a published version do not take the place of what is installed unless that is said, and other bytes never.',
    source: 'distribution, update',
  },
  {
    id: 'R-INSTALL-5',
    promise:
      'What a skill asks for is shown in plain words with its risk before it is installed, asked once, and granted only by a yes.',
    source: 'distribution, fetch',
  },
  {
    id: 'R-INSTALL-6',
    promise:
      'The commands remove, enable and disable do what they say, to all that were named or to none, and say what they did.',
    source: 'distribution',
  },
  {
    id: 'R-INSTALL-7',
    promise: 'The command skill capabilities grants and revokes for every later run, and writes each down first.',
    source: 'capabilities',
  },
  {
    id: 'R-INSTALL-8',
    promise:
      'The command skill update shows what there is, takes what is compatible, and the rest only when it is told to.',
    source: 'distribution, update',
  },
  {
    id: 'R-INSTALL-9',
    promise: 'The command skill install --frozen fetches byte for byte what the lock file names, or nothing.',
    source: 'distribution, skills.lock',
  },
  {
    id: 'R-INSTALL-10',
    promise: 'The commands skill verify and skill doctor find what is not as it was installed, and say what mends it.',
    source: 'distribution, fetch',
  },
  {
    id: 'R-INSTALL-11',
    promise:
      'An installed skill runs, and speaks in prompts, only while its files are those that were installed and it is enabled, with what was granted to it.',
    source: 'distribution, skills.lock',
  },
  {
    id: 'R-INSTALL-12',
    promise: 'A tool that a recipe calls may touch no more than the skill of the recipe was granted.',
    source: 'capabilities, how a check decides',
  },
  {
    id: 'R-REGISTRY-1',
    promise: 'A skill of a registry is found by its id and a range, and pinned by the sum of its archive.',
    source: 'distribution, table',
  },
  {
    id: 'R-REGISTRY-2',
    promise:
      'The first registry that has an id gives it, with the skill and the bytes its index names, from a mirror only when it cannot answer itself.',
    source: 'test plan, A16',
  },
  {
    id: 'R-REGISTRY-3',
    promise: 'An index that is older than one seen before, expired, or of the future is refused.',
    source: 'test plan, A16 and F11',
  },
  {
    id: 'R-REGISTRY-4',
    promise: 'An index counts as a whole or not at all, and a fault in it is named by its place.',
    source: 'test plan, F8',
  },
  {
    id: 'R-REGISTRY-5',
    promise: 'A version that was published into a folder never changes, and two that publish at once lose nothing.',
    source: 'distribution, registry',
  },
  {
    id: 'R-REGISTRY-6',
    promise: 'A search of registries ranks as prompts find skills, and shows where each hit is from and its sum.',
    source: 'distribution, registry',
  },
  {
    id: 'R-OCI-1',
    promise: 'A reference to an OCI artifact is understood as the specification says, or refused.',
    source: 'distribution, table',
  },
  {
    id: 'R-OCI-2',
    promise:
      'A skill is pushed to an OCI registry, pulled by tag or digest as it was, and never changes under a version.',
    source: 'distribution, table',
  },
  {
    id: 'R-OCI-3',
    promise: 'Artifacts that others publish are installed as well: archives, single files, modules of WebAssembly.',
    source: 'distribution, table',
  },
  {
    id: 'R-OCI-4',
    promise: 'A registry that gives other bytes, sizes or kinds than its manifests say gets nothing installed.',
    source: 'test plan, F8',
  },
  {
    id: 'R-OCI-5',
    promise: 'Credentials and tokens go to the registry they are for, and to nobody else.',
    source: 'test plan, A8',
  },
  {
    id: 'R-RESOLVE-1',
    promise: 'Of the versions that go together the highest are chosen, and when there is any such choice it is found.',
    source: 'distribution, Dependencies',
  },
  {
    id: 'R-RESOLVE-2',
    promise: 'What is installed keeps its version for as long as it does, whatever is added beside it.',
    source: 'distribution, Dependencies',
  },
  {
    id: 'R-RESOLVE-3',
    promise: 'The same skills lead to the same choice, in whatever order they are told.',
    source: 'distribution, Dependencies',
  },
  {
    id: 'R-RESOLVE-4',
    promise: 'A conflict is told as who asks for what, and nothing is cited that could be left away.',
    source: 'distribution, Dependencies',
  },
  {
    id: 'R-RESOLVE-5',
    promise: 'An optional dependency is taken where it fits, and never makes anything fail or change.',
    source: 'distribution, Dependencies',
  },
  {
    id: 'R-RESOLVE-6',
    promise:
      'A feature is on when a skill that needs it asks for it or when it is so by default, and one that is not there is a conflict.',
    source: 'distribution, Dependencies',
  },
  {
    id: 'R-RESOLVE-7',
    promise: 'A graph that was made to be searched for ever is given up.',
    source: 'distribution, Dependencies',
  },
  {
    id: 'R-RESOLVE-8',
    promise:
      'What only a virtual name asks for is provided by the one skill that can or that was chosen, and never by a guess.',
    source: 'distribution, Dependencies',
  },
  {
    id: 'R-RESOLVE-9',
    promise:
      'What a skill needs is taken from the same command, from what is installed, or from where skills are offered.',
    source: 'distribution, Dependencies',
  },
  {
    id: 'R-RESOLVE-10',
    promise: 'An installed skill is not broken by another version of what it needs.',
    source: 'distribution, Dependencies',
  },
  {
    id: 'R-RESOLVE-11',
    promise: 'A skill that others need is not removed, and what came only because of one that is removed goes with it.',
    source: 'distribution, Dependencies',
  },
  {
    id: 'R-INSTALL-13',
    promise:
      'A skill is installed, and stays installed in good order, only as the policy for signatures of its source allows.',
    source: 'distribution, signatures',
  },
  {
    id: 'R-INSTALL-14',
    promise: 'A signature that skill pack makes is of this id, version and content, and counts for no other.',
    source: 'distribution, signatures',
  },
  {
    id: 'R-TOOL-1',
    promise:
      'Every type of tool goes the one path: refused input begins nothing, what was not granted is denied, deadline, caller and output limit end it with all it started, and all of it is written down.',
    source: 'tools and kinds, Tools',
  },
  {
    id: 'R-OS-1',
    promise:
      'A program that stays, forks, floods, ignores signals, or fills memory and disk is ended within its limits, with all it started, and leaves nothing.',
    source: 'tools and kinds, code_inline',
  },
  {
    id: 'R-SESSION-1',
    promise:
      'A session keeps what its code left, says what failed, and outlives a failure; one that ends is told, and begun anew.',
    source: 'tools and kinds, code_session',
  },
  {
    id: 'R-SESSION-2',
    promise: 'No output of a session can end a request, or be taken for that of another one.',
    source: 'tools and kinds, code_session',
  },
  {
    id: 'R-SESSION-3',
    promise:
      'Sessions have names, are as many as their tool may have, tell what they use, and end with their runtime or when nobody uses them.',
    source: 'tools and kinds, code_session',
  },
  {
    id: 'R-SESSION-4',
    promise:
      'With state_persistence what a session was sent is kept, and sent again to the session that takes its place.',
    source: 'tools and kinds, code_session',
  },
  {
    id: 'R-SESSION-6',
    promise:
      'At a terminal a session is typed to line by line; Ctrl-C ends the request that runs, and the session where none does.',
    source: 'tools and kinds, code_session',
  },
  {
    id: 'R-SESSION-5',
    promise: 'Skills share a session only when both name it and have exactly the same rights.',
    source: 'tools and kinds, code_session',
  },
  {
    id: 'R-SESSION-7',
    promise:
      'On the command line a session goes on when the command has ended, for later ones of the same place and policy, each judged anew; it ends when it is closed, not used, or its skill loses a right.',
    source: 'tools and kinds, code_session',
  },
  {
    id: 'R-QUEUE-1',
    promise:
      'So many runs of a skill go at once; others wait their turn, skill by skill, and one too many is refused at once.',
    source: 'tools and kinds, Resilience',
  },
  {
    id: 'R-QUEUE-2',
    promise: 'The queue never runs more than it may, and loses no run, whatever comes.',
    source: 'tools and kinds, Resilience',
  },
  {
    id: 'R-CACHE-1',
    promise:
      'A result is given again only for the same input, of the same skill, with the same grants, files, variables and dependencies.',
    source: 'tools and kinds, Cache and state',
  },
  {
    id: 'R-CACHE-2',
    promise: 'Results are kept within their time and size, whatever the clock does and whatever lies in the cache.',
    source: 'tools and kinds, Cache and state',
  },
  {
    id: 'R-CACHE-3',
    promise:
      'Guests keep for a time what they can make again, under their own keys, within the size of the cache, and for no other skill, version or grant.',
    source: 'tools and kinds, Cache and state',
  },
  {
    id: 'R-RESILIENCE-1',
    promise:
      'Another attempt follows only a failure that may pass by itself or that the skill names, never a no; waits are as the strategy says.',
    source: 'tools and kinds, Resilience',
  },
  {
    id: 'R-RESILIENCE-2',
    promise:
      'After so many failures in a row a tool is not called for a while, by the next process either; then one run is let through to see.',
    source: 'tools and kinds, Resilience',
  },
  {
    id: 'R-RESILIENCE-3',
    promise: 'What a skill falls back to runs after a failure, behind the same gate, and never after a no.',
    source: 'tools and kinds, Resilience',
  },
  {
    id: 'R-RESILIENCE-4',
    promise: 'A tool that is not well is not called; whether it is, is asked once in an interval.',
    source: 'tools and kinds, Resilience',
  },
  {
    id: 'R-RESILIENCE-5',
    promise: 'What a manifest says of failures is what a run does.',
    source: 'tools and kinds, Resilience',
  },
  {
    id: 'R-TALK-1',
    promise:
      'A conversation sends its prompt to a model of the host, of any provider of the AI SDK or behind an address of the operator, and gives back what that says.',
    source: 'tools and kinds, conversation',
  },
  {
    id: 'R-TALK-2',
    promise:
      'A model that fails, hangs or says too much ends its run with a typed error, and its key is told to nobody.',
    source: 'tools and kinds, conversation',
  },
  {
    id: 'R-TALK-3',
    promise:
      'The files of a conversation fit its patterns and limits, are read behind the gate, cannot end their own marks, and are counted before anything is sent.',
    source: 'tools and kinds, conversation',
  },
  {
    id: 'R-TELEMETRY-1',
    promise:
      'Where a program has set up OpenTelemetry, each run is a span below that of its caller, and runs, denials and attempts are counted; nothing of what a skill was given is in them.',
    source: 'tools and kinds, Resilience',
  },
  {
    id: 'R-TELEMETRY-2',
    promise: 'Everything that happens in a run can be logged as JSON lines that carry its correlation id.',
    source: 'tools and kinds, Resilience',
  },
  {
    id: 'R-TELEMETRY-3',
    promise: 'Alarms of the operator are given when there is too much of something, once, to the log and to a webhook.',
    source: 'tools and kinds, Resilience',
  },
  {
    id: 'R-TELEMETRY-4',
    promise: '`skill stats` says how often tools ran, how that went and how long it took, as the ledger has it.',
    source: 'command line, verbs',
  },
  {
    id: 'R-TOOL-2',
    promise: 'The examples of the version 2 document run as they are, with the values it gives.',
    source: 'skill.json, version 2',
  },
  {
    id: 'R-DOCS-3',
    promise: 'Every example of docs/tools.md is executed: one for each type of tool.',
    source: 'command line, verbs',
  },
  {
    id: 'R-STATE-1',
    promise: 'What a skill keeps is there in every later process, exactly, and for no other skill.',
    source: 'tools and kinds, Cache and state',
  },
  {
    id: 'R-STATE-2',
    promise: 'A skill keeps no more than it may, however many processes write at once.',
    source: 'tools and kinds, Cache and state',
  },
  {
    id: 'R-STATE-3',
    promise: 'Values that were not written for as long as `ttl` says are gone, also from the file.',
    source: 'tools and kinds, Cache and state',
  },
  {
    id: 'R-STATE-4',
    promise: 'Values become those of a new version all at once or not at all, and never those of an older one.',
    source: 'tools and kinds, Cache and state',
  },
  {
    id: 'R-STATE-5',
    promise: 'What the runtime notes about skills is there in its next process, and no count of it is lost.',
    source: 'tools and kinds, Cache and state',
  },
  {
    id: 'R-STATE-6',
    promise: 'A state that is damaged, of a newer skillhost or of something else is told, and never replaced.',
    source: 'tools and kinds, Cache and state',
  },
  {
    id: 'R-STATE-7',
    promise: 'Processes that use the state of one home at once wait for each other and lose nothing.',
    source: 'tools and kinds, Cache and state',
  },
  {
    id: 'R-STATE-8',
    promise: 'A process that is killed while it writes leaves whole values, and all that it was told is written.',
    source: 'tools and kinds, Cache and state',
  },
  {
    id: 'R-STATE-9',
    promise: 'Uninstalling a skill removes what it kept, unless that is to be kept, and says which.',
    source: 'tools and kinds, Cache and state',
  },
  {
    id: 'R-STATE-10',
    promise: 'What a manifest says of its state is read strictly, and a tool that migrates is one of its own.',
    source: 'tools and kinds, Cache and state',
  },
  {
    id: 'R-STATE-11',
    promise:
      'The values of an older version of a skill are made into those of this one by its tool before a run, or stay as they are and nothing runs.',
    source: 'tools and kinds, Cache and state',
  },
  {
    id: 'R-OS-16',
    promise: 'What whoever started this process left open reaches neither programs nor guest processes.',
    source: 'tools and kinds, OS sandbox',
  },
  {
    id: 'R-OS-2',
    promise: 'Where the operator demands a sandbox, no program is started in the open.',
    source: 'capabilities, How a check decides',
  },
  {
    id: 'R-QUEUE-3',
    promise:
      'Ten thousand runs at once, of which many fail, all end, are all written down, and leave no memory behind.',
    source: 'tools and kinds, Resilience',
  },
  {
    id: 'R-STATE-12',
    promise:
      'A folder that takes the id of an installed skill, or of another folder, finds nothing of what that keeps.',
    source: 'tools and kinds, Cache and state',
  },
  {
    id: 'R-MIGRATE-1',
    promise: 'What is imported from another manifest format loads as the same skill, whatever texts are in it.',
    source: 'command line',
  },
  {
    id: 'R-MIGRATE-2',
    promise: 'What does not carry over when a skill is imported is told field by field, with a reason and what to do.',
    source: 'command line',
  },
  {
    id: 'R-MIGRATE-3',
    promise: 'An import overwrites nothing, and leaves all of a skill or nothing of it.',
    source: 'command line',
  },
  {
    id: 'R-MIGRATE-4',
    promise: 'Tools of which only the declaration is imported say so when they are called, and fail.',
    source: 'command line',
  },
  {
    id: 'R-MIGRATE-5',
    promise: 'The name of an imported skill is an id, and never a path.',
    source: 'command line',
  },
  {
    id: 'R-MIGRATE-6',
    promise: 'What cannot be imported is refused with a code, the problems at their places, and nothing written.',
    source: 'command line',
  },
  {
    id: 'R-MIGRATE-7',
    promise: 'A recipe of Goose becomes knowledge and a prompt that says what it said, with its parameters.',
    source: 'command line',
  },
  {
    id: 'R-MIGRATE-8',
    promise: 'An imported skill validates without an error or a warning, by the commands that docs/migration.md shows.',
    source: 'command line',
  },
  {
    id: 'R-INIT-1',
    promise:
      '`skill init` makes a skill of each template that builds, validates strictly without a warning, passes its own tests and runs, with no step between.',
    source: 'tools and kinds, Developing a skill',
  },
  {
    id: 'R-INIT-2',
    promise: '`skill init` refuses a name that no skill can have and a folder that is there, and writes nothing then.',
    source: 'tools and kinds, Developing a skill',
  },
  {
    id: 'R-BUILD-1',
    promise: 'The same source gives the same module of AssemblyScript, C and Rust, wherever its folder lies.',
    source: 'tools and kinds, Developing a skill',
  },
  {
    id: 'R-BUILD-2',
    promise: 'A build that fails shows what the compiler said, and leaves the module and the manifest that were there.',
    source: 'tools and kinds, Developing a skill',
  },
  {
    id: 'R-BUILD-3',
    promise: 'An error about a compiler that is not here names the packages that bring it.',
    source: 'tools and kinds, Developing a skill',
  },
  {
    id: 'R-BUILD-4',
    promise:
      'Nothing of the folder that is built runs outside of a sandbox: no compiler in it, no plugin it names, no code of its guest.',
    source: 'design, section 3',
  },
  {
    id: 'R-BUILD-5',
    promise:
      'The tools that a guest describes stand in its manifest between two lines, and replace those of the build before.',
    source: 'tools and kinds, Developing a skill',
  },
  {
    id: 'R-SDK-1',
    promise:
      'A skill of the SDK describes its tools with JSON Schema, derived from the schemas that check its arguments and results.',
    source: 'tools and kinds, Developing a skill',
  },
  {
    id: 'R-SDK-2',
    promise:
      'The world for tests of the SDK answers what it was given, remembers what was asked, and refuses everything else.',
    source: 'tools and kinds, Developing a skill',
  },
  {
    id: 'R-SDK-3',
    promise:
      'In a guest, the SDK calls the functions of the host with what they take, and turns refusals into errors with a code.',
    source: 'tools and kinds, Developing a skill',
  },
  {
    id: 'R-RECORD-1',
    promise:
      'A recorded run is replayed to the same end with the same fuel, where nothing is granted and nothing is touched.',
    source: 'command line, run',
  },
  {
    id: 'R-RECORD-2',
    promise: 'A replay that goes another way says where, and what was recorded there.',
    source: 'command line, run',
  },
  {
    id: 'R-RECORD-3',
    promise: 'Secrets are in no recording, in none of the forms they travel in.',
    source: 'capabilities, Secrets',
  },
  {
    id: 'R-RECORD-4',
    promise: 'A file that is no recording is refused with the line that is wrong.',
    source: 'command line, run',
  },
  {
    id: 'R-TRIAL-1',
    promise:
      'A case of a tool runs in a folder, a home and a state of its own, granted what its skill declares there, and leaves nothing.',
    source: 'tools and kinds, Developing a skill',
  },
  {
    id: 'R-TRIAL-2',
    promise: 'Servers and programs in a case are made up, and what the manifest does not declare is denied there, too.',
    source: 'tools and kinds, Developing a skill',
  },
  {
    id: 'R-TRIAL-3',
    promise: 'A program that a case starts runs in a sandbox of the operating system, or not at all.',
    source: 'capabilities, Native code',
  },
  {
    id: 'R-TRIAL-4',
    promise: 'A file of cases that is wrong is told with every problem and its place, and no case of it runs.',
    source: 'tools and kinds, Developing a skill',
  },
  {
    id: 'R-TRIAL-5',
    promise: '`skill test` speaks JUnit, whatever characters are in names and results.',
    source: 'tools and kinds, Developing a skill',
  },
  {
    id: 'R-TRIAL-6',
    promise: 'A golden case is replayed from its recording, and fails where the tool does something else.',
    source: 'tools and kinds, Developing a skill',
  },
  {
    id: 'R-TRIAL-7',
    promise:
      'A dry run tells what a tool used and does not declare, what is declared and was not used, and the least that would do.',
    source: 'governance, Analysis before approval',
  },
  {
    id: 'R-TRIAL-8',
    promise: 'What a stranger writes into a case reaches no server, no file and no device of this machine.',
    source: 'design, section 3',
  },
  {
    id: 'R-DEV-1',
    promise: 'While a changed skill does not compile or is not ready, the version before goes on serving.',
    source: 'tools and kinds, Developing a skill',
  },
  {
    id: 'R-DEV-2',
    promise:
      '`skill dev` sees a save by itself, runs tools by line, shows every host call and decision, and leaves nothing behind.',
    source: 'tools and kinds, Developing a skill',
  },
  {
    id: 'R-DOCS-4',
    promise: 'Every command of the guide for authors is executed, and says what the guide shows.',
    source: 'design, section 7',
  },
  {
    id: 'R-DOCS-5',
    promise: 'The page for trouble has every error code, with what mends it.',
    source: 'design, section 7',
  },
  {
    id: 'R-DOCS-6',
    promise: 'The reference of the interface is what the types say.',
    source: 'design, section 7',
  },
];
