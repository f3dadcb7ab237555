import type { DeclaredTool } from '../manifest.ts';
import { readToolSettings } from '../read-tool-settings.ts';
import type { TableReader } from '../table-reader.ts';
import { readParameterList } from './read-parameter-list.ts';

const TYPES = ['code_inline', 'code_session', 'conversation', 'prompt_inline'] as const;

/** Fields of any of the types; without a type nobody can say which of them do not belong to it. */
const FIELDS =
  'command args environment stdin exit_codes session_config prompt_template context_files model context_window prompt output_format';

/** The one tool that a `skill.json` is; undefined, and reported, when its type is missing or unknown. */
export function readTypedTool(
  root: TableReader,
  { name, description }: Pick<DeclaredTool, 'name' | 'description'>,
): DeclaredTool | undefined {
  if (!root.has('type')) root.missing('type', `write "type": "${TYPES[0]}", or one of ${TYPES.slice(1).join(', ')}`);
  const type = root.oneOf('type', TYPES);
  const list = readParameterList(root);
  const cacheable = root.flag('cacheable') ?? false;
  if (type === undefined) {
    for (const key of FIELDS.split(' ')) root.value(key);
    return undefined;
  }
  return {
    name: /^[a-z]/.test(name) ? name : 'run',
    description,
    ...list,
    returns: undefined,
    cacheable,
    resilience: undefined,
    settings: readToolSettings(root, type, true),
  };
}
