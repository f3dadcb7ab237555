/** What each part of the version 2 document shows, in values of ours: every field it names is in one of these. */
export const V2_EXAMPLES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'code at once': {
    type: 'code_inline',
    command: 'printf',
    args: ['%s', 'good day'],
    timeout: 20,
    resource_limits: { max_memory_mb: 90, max_cpu_percent: 40, max_execution_time: 25 },
    sandbox: { allow_network: false, allow_file_write: false, allowed_paths: ['/tmp', './'] },
  },
  'code in a session': {
    type: 'code_session',
    command: 'node',
    session_config: { session_timeout: 1_800, max_sessions: 3, cleanup_on_exit: true, state_persistence: true },
    environment: { NODE_PATH: './lib' },
  },
  'a conversation': {
    type: 'conversation',
    prompt_template: 'Explain this text: {text}',
    context_files: {
      patterns: ['*.ts', '*.md'],
      max_files: 8,
      max_file_size_kb: 64,
      exclude_patterns: ['dist/', 'node_modules/'],
    },
    model: 'any-model',
    context_window: 90_000,
  },
  'a prompt': {
    type: 'prompt_inline',
    prompt: 'Write a {kind} in {tongue}',
    parameters: [
      { name: 'kind', type: 'enum', values: ['letter', 'poem'], required: true },
      { name: 'tongue', type: 'string', pattern: '^[a-z]+$', required: true },
    ],
    output_format: 'markdown',
  },
  security: {
    security: {
      sandbox_enabled: true,
      default_permissions: {
        file_read: ['./', '/tmp'],
        file_write: ['/tmp'],
        network_access: false,
        process_spawn: false,
      },
      resource_limits: { max_memory_mb: 200, max_cpu_percent: 70, max_execution_time: 250, max_file_size_mb: 9 },
    },
  },
  resilience: {
    resilience: {
      retry_config: { max_attempts: 4, backoff_strategy: 'exponential', retry_on: ['timeout', 'network_error'] },
      circuit_breaker: { failure_threshold: 6, recovery_timeout: 50 },
      health_check: { enabled: true, interval: 20 },
    },
  },
  performance: {
    performance: {
      caching: { result_cache_ttl: 200, metadata_cache_ttl: 3_000, max_cache_size_mb: 90 },
      execution: { parallel_execution: true, max_concurrent_skills: 6, execution_queue_size: 30 },
    },
  },
  dependencies: {
    dependencies: { 'text-utils': '^1.2.0', 'page-reader': '>=2.3.0' },
    provides: { 'page-writer': '1.4.0' },
  },
  development: {
    development: {
      session_isolation: true,
      hot_reload: true,
      debug_mode: true,
      test_framework: { unit_tests: true, integration_tests: true, mock_services: true },
    },
  },
  observability: {
    observability: {
      metrics: { execution_time: true, success_rate: true, resource_usage: true, error_rate: true },
      logging: { level: 'warn', structured: true, correlation_id: true },
      tracing: { enabled: true, sample_rate: 0.2 },
    },
  },
  'all of one skill': {
    name: 'whole-skill',
    description: 'A skill with all of it',
    version: '3.2.1',
    aliases: ['whole', 'all'],
    scope: 'workspace',
    author: 'ada@example.org',
    license: 'MIT',
    homepage: 'https://example.org/whole',
    type: 'code_inline',
    command: 'node',
    args: ['main.js'],
    security: {
      permissions: { file_read: ['./in', './more'], file_write: ['./out'], network_access: false },
      resource_limits: { max_memory_mb: 100, max_execution_time: 50 },
    },
    resilience: { retry_attempts: 3, timeout: 40, fallback_command: "echo 'instead'" },
    dependencies: { 'node-utils': '^1.0.0' },
    metadata: { tags: ['node', 'files'], category: 'development', maturity: 'stable' },
  },
};

/** What each example needs around it to be a skill; where it says so itself, that counts. */
const V2_BASE = {
  name: 'sample',
  description: 'A sample',
  version: '1.2.3',
  type: 'prompt_inline',
} as const;

/** The example as a whole `skill.json`. */
export function whole(example: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const skill: Record<string, unknown> = { ...V2_BASE, ...example };
  if (skill['type'] === 'prompt_inline' && skill['prompt'] === undefined) skill['prompt'] = 'Do it';
  return skill;
}
