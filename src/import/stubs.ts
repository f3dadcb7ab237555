import { NO_CAPABILITIES, NO_COMMANDS } from '../../host/index.ts';
import { type FieldPath, formatField } from '../manifest/field-path.ts';
import type { DeclaredTool } from '../manifest/manifest.ts';
import { checkPath } from '../tree/check-path.ts';
import { type Draft, textFile } from './draft.ts';

/**
 * Turns tools of which only the declaration is there into scripts that say so and fail: whoever calls one learns that
 * nothing was done, and whoever fills it in has a place to.
 */
export function addStubs(draft: Draft, why: string, list: FieldPath = ['tools']): Draft {
  const { manifest, files, notCarried } = draft;
  const taken = new Set(files.map(({ path }) => path));
  const scriptOf = (name: string): string => pathOf(name, taken);
  const isStub = ({ settings }: DeclaredTool): boolean => settings.type === 'wasm';
  const tools = manifest.tools.map((tool) => (isStub(tool) ? asStub(tool, scriptOf(tool.name)) : tool));
  const missing = manifest.tools.flatMap(({ name, settings }, i) => (settings.type === 'wasm' ? [{ name, i }] : []));
  return {
    ...draft,
    manifest: {
      ...manifest,
      tools,
      capabilities: {
        ...NO_CAPABILITIES,
        ...manifest.capabilities,
        terminalExec: { ...NO_COMMANDS, commands: [{ text: 'sh', origin: 'tools' }] },
      },
    },
    files: [...files, ...missing.map(({ name }) => textFile(scriptOf(name), bodyOf(name), true))],
    notCarried: [
      ...notCarried,
      ...missing.map(({ name, i }) => ({
        field: formatField([...list, i]),
        why: `what ${name} does is not here: ${why}. Calls of it fail and say so`,
        fix: `write it in ${scriptOf(name)}, or give the tool another type in skill.toml`,
      })),
    ],
  };
}

function asStub(tool: DeclaredTool, script: string): DeclaredTool {
  const nothing = { args: [], environment: new Map<string, string>(), stdin: undefined, exitCodes: [0] };
  return {
    ...tool,
    settings: {
      type: 'script',
      script,
      interpreter: undefined,
      ...nothing,
      limits: {},
      sandbox: undefined,
    },
  };
}

/** The name of a tool is that of a file, but where there is one, or some system has a device of that name. */
function pathOf(name: string, taken: ReadonlySet<string>): string {
  const path = `scripts/${name}.sh`;
  return checkPath(path) === undefined && !taken.has(path) ? path : `scripts/tool-${name}.sh`;
}

function bodyOf(name: string): string {
  return `#!/bin/sh
# Only the declaration of this tool was imported, not what it does. Write that here, and in skill.toml
# args = ["{{NAME}}"] for the values of parameters. What this prints is the result.
echo '${name}: not implemented, only its declaration was imported' >&2
exit 1
`;
}
