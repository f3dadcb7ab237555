import type { Capabilities, CapabilityName, Rule } from '../../host/index.ts';
import { formatField } from './field-path.ts';
import { readRuleList } from './read-rules.ts';
import { readTerminal } from './read-terminal.ts';
import type { TableReader } from './table-reader.ts';

/** `[capabilities]`: what the skill requests. Nothing written is nothing requested. */
export function readCapabilities(root: TableReader): Capabilities {
  const capabilities = root.section('capabilities');
  reportState(capabilities);
  const requested = {
    filesystemRead: readRules(capabilities, 'filesystem_read'),
    filesystemWrite: readRules(capabilities, 'filesystem_write'),
    network: readRules(capabilities, 'network'),
    envRead: readRules(capabilities, 'env_read'),
    secretsAccess: readSecrets(capabilities),
    messaging: readRules(capabilities, 'messaging'),
    terminalExec: readTerminal(capabilities),
  };
  capabilities.finish();
  return requested;
}

function readRules(capabilities: TableReader, name: CapabilityName): readonly Rule[] {
  return readRuleList(capabilities, name, name);
}

/** `true` stands for every secret, each asked for by name when it is used. */
function readSecrets(capabilities: TableReader): readonly Rule[] {
  const value = capabilities.value('secrets_access');
  if (value === true) return [{ text: '*', origin: formatField(capabilities.at('secrets_access')) }];
  return value === false ? [] : readRules(capabilities, 'secrets_access');
}

function reportState(capabilities: TableReader): void {
  if (!capabilities.has('state')) return;
  const message = 'capabilities.state is not requested: every skill has its own store and no other';
  capabilities.report.warn({ code: 'M_STATE', path: capabilities.at('state'), message, fix: 'remove it' });
}
