import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { quote, SkillError } from '../../host/index.ts';
import { type GrantableCapability, isGrantable } from '../policy/grant.ts';
import { ALERT_METRICS, type AlertRule } from './alert-rules.ts';

/** What the operator set, in `config.toml` and `corp.toml` of the home. */
export interface Config extends GrantRules {
  /** Hosts, or `host:port`, that may have addresses that are not public and be asked over plain HTTP. */
  readonly privateHosts: readonly string[];
  /** In the order they are asked. */
  readonly registries: readonly RegistryConfig[];
  /** No program is started where no sandbox closes it in. */
  readonly requireSandbox: boolean;
  /** Alarms, of both files. */
  readonly alerts: readonly AlertRule[];
  /** The section `[trust]` as parsed; of `corp.toml`, then of `config.toml`. */
  readonly trust: { readonly corp: unknown; readonly user: unknown };
}

/** Capabilities that are not granted as others are. */
export interface GrantRules {
  /** Never granted to a skill, by whoever. */
  readonly neverGrant: ReadonlySet<GrantableCapability>;
  /** Asked for at each run, whatever was granted before. */
  readonly alwaysConfirm: ReadonlySet<GrantableCapability>;
}

export interface RegistryConfig {
  readonly name: string;
  readonly url: string;
  readonly mirrors: readonly string[];
}

type Table = Readonly<Record<string, unknown>>;

const MOST = 1024 * 1024;
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;

/** Reads both files; a missing one says nothing. @throws SkillError E_USAGE for one that cannot be meant as it is */
export async function readConfig(files: { readonly config: string; readonly corp: string }): Promise<Config> {
  const [user, corp] = [await readTable(files.config), await readTable(files.corp)];
  return {
    privateHosts: [corp, user].flatMap((one) => texts(one.section('network', ['private']), 'private', one.file)),
    registries: registriesOf(corp, user),
    neverGrant: capabilities([corp, user], 'never_grant'),
    alwaysConfirm: capabilities([corp, user], 'always_confirm'),
    requireSandbox: [corp, user].some(requiresSandbox),
    alerts: [corp, user].flatMap(alertsIn),
    trust: { corp: corp.table['trust'], user: user.table['trust'] },
  };
}

interface Read {
  readonly file: string;
  readonly table: Table;
  /** A section, which has these keys and no others: a misspelt one must not be as none. */
  readonly section: (name: string, known: readonly string[]) => Table;
}

const SECTIONS = ['network', 'registries', 'trust', 'capabilities', 'programs', 'alerts'];

async function readTable(file: string): Promise<Read> {
  const text = readText(file);
  const table = text === undefined ? {} : await parseToml(text, file);
  const stray = Object.keys(table).find((name) => !SECTIONS.includes(name));
  if (stray !== undefined)
    throw wrong(file, `there is no section ${quote(stray)}`, `the sections are ${SECTIONS.join(', ')}`);
  return {
    file,
    table,
    section: (name, known) => {
      const section = table[name] ?? {};
      if (!isTable(section)) throw wrong(file, `${name} is no section`, `write [${name}]`);
      return requireKnown(section, known, `${file}: ${name}`);
    },
  };
}

/** A registry of the operator is asked first, and where it names any, no other is. */
function registriesOf(corp: Read, user: Read): readonly RegistryConfig[] {
  const own = registriesIn(corp);
  const all = own.length > 0 ? own : registriesIn(user);
  const names = all.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw wrong(user.file, `two registries are called ${quote(twice)}`, 'rename one of them');
  return all;
}

function registriesIn({ file, table }: Read): readonly RegistryConfig[] {
  const listed = table['registries'] ?? [];
  const hint = 'such as [[registries]] with name = "main" and url = "https://skills.example.org"';
  if (!Array.isArray(listed)) throw wrong(file, 'registries is no list', hint);
  return listed.map((entry) => {
    if (!isTable(entry)) throw wrong(file, 'a registry is no table', hint);
    const { name, url } = requireKnown(entry, ['name', 'url', 'mirrors'], `${file}: registries`);
    if (typeof name !== 'string' || !NAME.test(name)) throw wrong(file, 'a registry has no name', hint);
    if (typeof url !== 'string' || !URL.canParse(url)) throw wrong(file, `the registry ${name} has no url`, hint);
    const mirrors = texts(entry, 'mirrors', file);
    const bad = mirrors.find((mirror) => !URL.canParse(mirror));
    if (bad !== undefined) throw wrong(file, `the mirror ${quote(bad)} of ${name} is no url`, hint);
    return { name, url, mirrors };
  });
}

function requiresSandbox({ file, section }: Read): boolean {
  const { require_sandbox: value = false } = section('programs', ['require_sandbox']);
  if (typeof value === 'boolean') return value;
  throw wrong(file, 'require_sandbox is neither true nor false', 'write require_sandbox = true');
}

const WITHIN_MS = 60_000;

/** `[[alerts]]`: what is counted, how many within how many seconds, and who is told. */
function alertsIn({ file, table }: Read): readonly AlertRule[] {
  const listed = table['alerts'] ?? [];
  const hint = 'such as [[alerts]] with when = "failures", count = 5 and within = 60';
  if (!Array.isArray(listed)) throw wrong(file, 'alerts is no list', hint);
  return listed.map((entry) => {
    if (!isTable(entry)) throw wrong(file, 'an alert is no table', hint);
    const known = ['when', 'skill', 'count', 'within', 'longer_than_ms', 'webhook'];
    const { when, skill, webhook, ...numbers } = requireKnown(entry, known, `${file}: alerts`);
    const metric = ALERT_METRICS.find((one) => one === when);
    if (metric === undefined)
      throw wrong(file, 'an alert does not say when', `when = one of ${ALERT_METRICS.join(', ')}`);
    for (const [name, value] of Object.entries(numbers))
      if (!Number.isSafeInteger(value) || Number(value) < 1)
        throw wrong(file, `${name} of an alert is no whole number`, hint);
    if (skill !== undefined && typeof skill !== 'string') throw wrong(file, 'skill of an alert is no text', hint);
    if (webhook !== undefined && (typeof webhook !== 'string' || !/^https?:/.test(webhook) || !URL.canParse(webhook)))
      throw wrong(file, 'webhook of an alert is no http address', hint);
    const { count = 1, within, longer_than_ms: longer = 1_000 } = numbers as Record<string, number | undefined>;
    const withinMs = within === undefined ? WITHIN_MS : within * 1_000;
    return { when: metric, skill, count, withinMs, longerThanMs: longer, webhook };
  });
}

function capabilities(read: readonly Read[], key: string): ReadonlySet<GrantableCapability> {
  const named = read.flatMap(({ file, section }) =>
    texts(section('capabilities', ['never_grant', 'always_confirm']), key, file).map((name) => {
      if (!isGrantable(name))
        throw wrong(file, `${key} names ${quote(name)}, which is no capability`, 'such as terminal_exec or network');
      return name;
    }),
  );
  return new Set(named);
}

function texts(table: Table, key: string, file: string): readonly string[] {
  const value = table[key] ?? [];
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string'))
    throw wrong(file, `${key} is no list of texts`, `write ${key} = ["…"]`);
  return value;
}

function requireKnown(table: Table, known: readonly string[], where: string): Table {
  const stray = Object.keys(table).find((key) => !known.includes(key));
  if (stray !== undefined) throw wrong(where, `there is no key ${quote(stray)}`, `one of ${known.join(', ')}`);
  return table;
}

async function parseToml(text: string, file: string): Promise<Table> {
  const { parse, TomlError } = await import('smol-toml');
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const { line, column } = error;
    throw wrong(`${file}:${line}:${column}`, 'it is not TOML', 'mend that line');
  }
}

function readText(file: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw wrong(file, `it cannot be read: ${code}`, 'make it readable for you');
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile() || stat.size > MOST)
      throw wrong(file, `it is no file of at most ${MOST} bytes`, 'docs/config.md shows what it holds');
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(where: string, what: string, hint: string): SkillError {
  return new SkillError('E_USAGE', `${quote(where, 400)}: ${what}`, { hint });
}
