import type * as Provider from '@ai-sdk/openai-compatible';
import type { LanguageModel } from 'ai';
import { quote, Redactor, SkillError } from '../../host/index.ts';

/** Finds what a conversation is sent to. */
export interface ModelSource {
  /** @param name as the skill writes it; undefined: whichever the host prefers. @throws SkillError */
  find(name: string | undefined): Promise<LanguageModel>;
  /** Takes the key of the host out of what a model, or what stands in front of it, says. */
  readonly redactor: Redactor;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that name the models of this host; the key is handed to no program. */
export const MODEL_VARIABLES = { url: 'SKILLHOST_MODEL_URL', name: 'SKILLHOST_MODEL', key: 'SKILLHOST_MODEL_KEY' };

const HINT = `set ${MODEL_VARIABLES.url} to an address that speaks the OpenAI protocol, such as http://127.0.0.1:11434/v1, or give createRuntime({ model })`;

/**
 * The models of a host: those a program hands over, else those behind an address that speaks the protocol of OpenAI. A skill
 * names a model and nothing else: no address, and no key.
 */
export function modelSource(
  choose: ((name: string | undefined) => unknown) | undefined,
  env: Environment,
): ModelSource {
  const redactor = new Redactor();
  redactor.add(env[MODEL_VARIABLES.key] ?? '');
  return {
    redactor,
    async find(name) {
      const chosen = choose?.(name);
      if (chosen !== undefined) return chosen as LanguageModel;
      const url = env[MODEL_VARIABLES.url] ?? '';
      if (url === '') throw new SkillError('E_NOT_FOUND', 'this host has no language model', { hint: HINT });
      return modelBehind(url, name, env);
    },
  };
}

async function modelBehind(url: string, name: string | undefined, env: Environment): Promise<LanguageModel> {
  const { protocol = '', username = '', password = '' } = URL.canParse(url) ? new URL(url) : {};
  if (protocol !== 'http:' && protocol !== 'https:')
    throw new SkillError('E_USAGE', `${MODEL_VARIABLES.url} is no http address`, { hint: HINT });
  if (username !== '' || password !== '')
    throw new SkillError('E_USAGE', `${MODEL_VARIABLES.url} holds a name or a password`, {
      hint: `a key belongs into ${MODEL_VARIABLES.key}`,
    });
  // A skill was written with some model in mind; whoever runs it knows which ones there are.
  const model = env[MODEL_VARIABLES.name] || name;
  if (model === undefined)
    throw new SkillError('E_NOT_FOUND', 'neither the skill nor this host names a model', {
      hint: `set ${MODEL_VARIABLES.name}`,
    });
  const apiKey = env[MODEL_VARIABLES.key] || undefined;
  const { createOpenAICompatible } = await loadProvider();
  return createOpenAICompatible({ name: 'host', baseURL: url, ...(apiKey !== undefined && { apiKey }) })(model);
}

async function loadProvider(): Promise<typeof Provider> {
  try {
    return await import('@ai-sdk/openai-compatible');
  } catch (error) {
    throw missingPackage('@ai-sdk/openai-compatible', error);
  }
}

/** The AI SDK is installed by whoever has conversations. */
export function missingPackage(name: string, cause: unknown): SkillError {
  return new SkillError('E_UNSUPPORTED', `conversations need the package ${quote(name)}, which is not installed`, {
    hint: 'npm install ai@6 @ai-sdk/openai-compatible@2',
    cause,
  });
}
