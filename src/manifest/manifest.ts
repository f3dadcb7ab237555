import { type Capabilities, type Limits, NO_CAPABILITIES } from '../../host/index.ts';

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
  readonly type: 'wasm' | 'code_inline' | 'code_session' | 'script' | 'prompt_inline' | 'conversation' | 'recipe';
  readonly parameters: JsonSchema | undefined;
  readonly returns: JsonSchema | undefined;
  /** Fields that belong to the tool's type, as parsed; the executor of that type reads them. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface Dependency {
  readonly id: string;
  readonly range: string;
  readonly optional: boolean;
  readonly features: readonly string[];
}

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
  readonly resilience: Readonly<Record<string, unknown>>;
  readonly cache: Readonly<Record<string, unknown>>;
  readonly state: Readonly<Record<string, unknown>>;
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
  resilience: NOTHING,
  cache: NOTHING,
  state: NOTHING,
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
