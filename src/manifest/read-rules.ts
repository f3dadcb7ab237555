import { type CapabilityName, quote, type Rule } from '../../host/index.ts';
import { formatField } from './field-path.ts';
import { checkRuleText } from './rule-text.ts';
import type { TableReader } from './table-reader.ts';

/** What to write instead, for each kind of rule. */
const EXAMPLES = {
  filesystem_read: '["./"]',
  filesystem_write: '["./out"]',
  network: '["api.example.org"]',
  env_read: '["AWS_*"]',
  secrets_access: '["github-token"]',
  messaging: '["reviewer"]',
  terminal_exec: '["git"]',
  state: '[]',
} as const satisfies Record<CapabilityName, string>;

/** The rules of an array of strings, each with the field it stands in as its origin. */
export function readRuleList(reader: TableReader, key: string, capability: CapabilityName): readonly Rule[] {
  const value = reader.value(key);
  if (value !== undefined && !Array.isArray(value)) {
    const written = typeof value === 'string' ? `[${quote(value)}]` : EXAMPLES[capability];
    reader.wrongType(key, 'an array of strings', `write ${reader.report.syntax.assign(key, written)}`);
    return [];
  }
  const texts = reader.texts(key, (text) => {
    const wrong = checkRuleText(capability, text);
    return wrong === undefined
      ? undefined
      : { code: 'M_RULE', wrong, fix: `write it such as ${reader.report.syntax.assign(key, EXAMPLES[capability])}` };
  });
  return (texts ?? []).map((text, index) => ({ text, origin: formatField([...reader.at(key), index]) }));
}
