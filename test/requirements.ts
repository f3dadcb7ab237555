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
      'Without a bubblewrap that works programs run all the same and their records say isolation: none; with one, a program is never started outside of it.',
    source: 'capabilities, How a check decides',
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
];
