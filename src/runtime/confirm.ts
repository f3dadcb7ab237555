import { quote, SkillError } from '../../host/index.ts';
import { type Grant, type GrantableCapability, mergeGrants, requestOf } from '../policy/grant.ts';
import { withoutCapabilities } from '../policy/limit-grant.ts';
import type { StepQuestion } from '../recipe/ports.ts';
import type { ReadySkill } from '../skill/skill.ts';
import type { Tool } from '../tool/tool.ts';

/** What a run would like to touch and nobody has granted. */
export interface ConfirmQuestion {
  readonly skill: string;
  readonly version: string;
  /** `sha256:…` of what would run. */
  readonly hash: string;
  readonly tool: string;
  /** Capabilities that the skill declares and nothing of which is granted. */
  readonly asks: Grant;
  /** A step of a recipe that wants a yes; then `asks` is empty. */
  readonly step?: StepQuestion;
  /** Aborts when the run is no longer wanted. */
  readonly signal: AbortSignal | undefined;
}

/** Asks whoever is responsible; `true` grants all that is asked for, for this one run, or lets the step run. */
export type Confirm = (question: ConfirmQuestion) => boolean | Promise<boolean>;

interface ConfirmParts {
  readonly confirm: Confirm | undefined;
  /** Not asked for. */
  readonly never: ReadonlySet<GrantableCapability>;
  readonly signal: AbortSignal | undefined;
}

/**
 * The grant of a run: what was granted before, and, if the host says yes, what the skill declares beyond. A capability of
 * which anything is granted is not asked for: whoever granted less than is declared meant less. Without a host to ask, or
 * when it fails, nothing is added.
 * @throws SkillError E_ABORTED when the run is aborted while the host decides
 */
export async function confirmGrant(
  { skill, tool }: { readonly skill: ReadySkill; readonly tool: Tool },
  grant: Grant,
  { confirm, never, signal }: ConfirmParts,
): Promise<{ readonly grant: Grant; readonly asked: Grant | undefined; readonly isConfirmed: boolean }> {
  const request = skill.manifest === undefined ? {} : requestOf(skill.manifest.capabilities);
  const asks = missingFrom(withoutCapabilities(request, never), grant);
  if (confirm === undefined || Object.keys(asks).length === 0) return { grant, asked: undefined, isConfirmed: false };
  const { id, version, hash } = skill;
  const isConfirmed = await ask(confirm, { skill: id, version, hash, tool: tool.name, asks, signal });
  return { grant: isConfirmed ? mergeGrants([grant, asks]) : grant, asked: asks, isConfirmed };
}

function missingFrom(request: Grant, grant: Grant): Grant {
  const missing = Object.entries(request).filter(([name]) => (grant[name as GrantableCapability] ?? []).length === 0);
  return Object.fromEntries(missing);
}

export async function ask(confirm: Confirm, question: ConfirmQuestion): Promise<boolean> {
  const { signal } = question;
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(new SkillError('E_ABORTED', 'the run was aborted before it was confirmed'));
    if (signal?.aborted === true) stop();
    signal?.addEventListener('abort', stop, { once: true });
  });
  try {
    // Untyped hosts answer what they like, and only this is a yes.
    const answer: unknown = await Promise.race([aborted, Promise.resolve(confirm(question))]);
    return answer === true;
  } catch (error) {
    if (error instanceof SkillError && error.code === 'E_ABORTED') throw error;
    // A host that cannot answer has not said yes; what went wrong in it must not stay hidden.
    process.emitWarning(`confirm: ${quote(error instanceof Error ? error.message : String(error))}`);
    return false;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
