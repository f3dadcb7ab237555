import { type CacheRules, NO_CACHE } from './cache-rules.ts';
import { NO_RESILIENCE, type Resilience } from './resilience.ts';
import type { ToolSettings } from './tool-settings.ts';
import { type Capabilities, FIXED, type Limits, NO_CAPABILITIES } from '../../host/index.ts';

/** A JSON Schema, limited to the keywords of `src/tool/schema.ts`. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export type Confirmation = 'auto' | 'prompt' | 'always';
export type GuestKind = 'component' | 'extism' | 'wasi';

/** A problem of a manifest, or of the folder it describes. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** Stable, such as `M_UNKNOWN_KEY`. */
  readonly code: string;
  /** Relative to the skill's folder. */
  readonly file: string;
  /** 1-based; absent when the problem has no place in the file (a missing section, a missing file). */
  readonly line?: number;
  readonly column?: number;
  /** Dotted path of the field, such as `tools[0].name`. */
  readonly field?: string;
  readonly message: string;
  readonly fix: string;
}

export interface DeclaredTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonSchema | undefined;
  /** Patterns that values of parameters must match as a whole, by name; RE2. */
  readonly patterns: ReadonlyMap<string, string>;
  readonly returns: JsonSchema | undefined;
  /** Whether the same input may be answered by what came of it before. */
  readonly cacheable: boolean;
  /** Undefined: that of the skill. */
  readonly resilience: Resilience | undefined;
  readonly settings: ToolSettings;
}

export interface Dependency {
  readonly id: string;
  readonly range: string;
  readonly optional: boolean;
  readonly features: readonly string[];
}

/** What holds for the values that a skill keeps. */
export interface StateRules {
  /** Of what the values mean; it grows when older ones cannot be read any more. */
  readonly version: number;
  /** The tool that makes values of an older version into those of this one. */
  readonly migrate: string | undefined;
  /** Values that were not written for longer are gone. */
  readonly ttlMs: number | undefined;
  /** Keys and values together. */
  readonly maxBytes: number;
}

/** Of a skill that says nothing about its state. */
export const NO_STATE_RULES: StateRules = {
  version: 0,
  migrate: undefined,
  ttlMs: undefined,
  maxBytes: FIXED.state_bytes.limit,
};

/** What every manifest format becomes; after the parser nothing else is known. */
export interface Manifest {
  /** The file it was read from, which is its format. */
  readonly file: string;
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly authors: readonly string[];
  readonly license: string | undefined;
  readonly repository: string | undefined;
  readonly documentation: string | undefined;
  readonly keywords: readonly string[];
  readonly aliases: readonly string[];
  readonly category: string | undefined;
  readonly maturity: string | undefined;
  readonly scope: 'user' | 'workspace';
  readonly minRuntimeVersion: string | undefined;
  readonly deprecated: string | undefined;
  /** What the skill needs around it, in words; of a `SKILL.md`. */
  readonly compatibility: string | undefined;
  /** What its author noted beside; nothing reads it. */
  readonly metadata: ReadonlyMap<string, string>;
  /** Tools of other agents that a `SKILL.md` would like to be allowed; shown, and requested as capabilities. */
  readonly allowedTools: readonly string[];
  readonly provides: {
    readonly knowledge: boolean | undefined;
    readonly recipes: boolean | undefined;
    readonly executable: boolean | undefined;
    /** Virtual packages: name → version. */
    readonly virtual: ReadonlyMap<string, string>;
  };
  readonly knowledge: {
    readonly topics: readonly string[];
    readonly synonyms: ReadonlyMap<string, readonly string[]>;
    readonly priority: number;
    readonly maxContextTokens: number;
    /** In every context, whatever the prompt; of bundled skills only. */
    readonly alwaysOn: boolean;
  };
  readonly recipes: { readonly files: readonly string[]; readonly defaultConfirmation: Confirmation };
  readonly executable:
    | {
        /** Relative to the skill's folder, with `/`. */
        readonly module: string;
        readonly exports: readonly string[] | undefined;
        readonly kind: GuestKind | undefined;
        /** Keep one instance between calls. */
        readonly reuse: boolean;
        /** Extism plug-in configuration, given to the guest as it is. */
        readonly config: ReadonlyMap<string, string>;
      }
    | undefined;
  readonly tools: readonly DeclaredTool[];
  readonly capabilities: Capabilities;
  readonly limits: Partial<Limits>;
  readonly resilience: Resilience;
  readonly cache: CacheRules;
  readonly state: StateRules;
  /** What its author wants measured, logged and traced, as parsed; of a `skill.json`. */
  readonly observability: Readonly<Record<string, unknown>>;
  /** How its author works on it, as parsed; of a `skill.json`. */
  readonly development: Readonly<Record<string, unknown>>;
  readonly dependencies: readonly Dependency[];
  readonly suggestions: readonly Dependency[];
  readonly features: ReadonlyMap<string, { readonly description: string; readonly default: boolean }>;
  readonly platform: {
    readonly os: readonly string[];
    readonly arch: readonly string[];
    readonly requiredTools: readonly string[];
    readonly optionalTools: readonly string[];
  };
}

/** Who a skill is; every format says so in fields of its own. */
export type Identity = Pick<Manifest, 'file' | 'id' | 'name' | 'description' | 'version'>;

const NOTHING = Object.freeze({});
const NONE = new Map<string, never>();

/** What a manifest says that says no more than who the skill is. */
const PLAIN: Omit<Manifest, keyof Identity> = {
  apiVersion: '1.0',
  authors: [],
  license: undefined,
  repository: undefined,
  documentation: undefined,
  keywords: [],
  aliases: [],
  category: undefined,
  maturity: undefined,
  scope: 'user',
  minRuntimeVersion: undefined,
  deprecated: undefined,
  compatibility: undefined,
  metadata: NONE,
  allowedTools: [],
  provides: { knowledge: undefined, recipes: undefined, executable: undefined, virtual: NONE },
  knowledge: { topics: [], synonyms: NONE, priority: 50, maxContextTokens: 1_000, alwaysOn: false },
  recipes: { files: ['recipes/*.yaml'], defaultConfirmation: 'prompt' },
  executable: undefined,
  tools: [],
  capabilities: NO_CAPABILITIES,
  limits: NOTHING,
  resilience: NO_RESILIENCE,
  cache: NO_CACHE,
  state: NO_STATE_RULES,
  observability: NOTHING,
  development: NOTHING,
  dependencies: [],
  suggestions: [],
  features: NONE,
  platform: { os: [], arch: [], requiredTools: [], optionalTools: [] },
};

/** The manifest of a skill that says no more than who it is. */
export function plainManifest(identity: Identity): Manifest {
  return { ...PLAIN, ...identity };
}
