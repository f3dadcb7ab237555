import { quote, SkillError } from '../../host/index.ts';
import type { InstallAsker } from './asker.ts';
import { fetchPackage, type Supply } from './fetch.ts';
import { findSkills, requireOne, type SkillFolder } from './find-skills.ts';
import { type Incoming, receive } from './incoming.ts';
import type { Installation } from './installation.ts';

export interface ReceiveOptions {
  readonly supply: Supply;
  readonly asker: InstallAsker;
  /** Which skills of a package that holds several. */
  readonly pick?: 'all' | readonly string[];
}

/** Fetches and checks the skills of a package that are wanted of it; whoever calls discards them. */
export async function receiveAll(
  request: string,
  { supply, asker, pick }: ReceiveOptions,
  installation: Installation,
): Promise<readonly Incoming[]> {
  const fetched = await fetchPackage(request, supply, installation);
  const skills = findSkills(fetched.files);
  const received: Incoming[] = [];
  try {
    for (const skill of await choose(skills, request, { asker, pick }))
      received.push(await receive(installation, skill, { requested: request, fetched }));
    return received;
  } catch (error) {
    for (const { staged } of received) installation.store.discardQuietly(staged);
    throw error;
  }
}

/** Fetches and checks the one skill of a package; whoever calls discards it. */
export async function receiveOne(
  request: string,
  { supply }: Pick<ReceiveOptions, 'supply'>,
  installation: Installation,
): Promise<Incoming> {
  const fetched = await fetchPackage(request, supply, installation);
  return receive(installation, requireOne(findSkills(fetched.files), request), { requested: request, fetched });
}

/** The sum in the request is what an index said just now: nobody knew it before. */
export async function receiveNeeded(
  request: string,
  options: Pick<ReceiveOptions, 'supply'>,
  installation: Installation,
): Promise<Incoming> {
  const incoming = await receiveOne(request, options, installation);
  return { ...incoming, fetched: { ...incoming.fetched, wasExpected: false } };
}

async function choose(
  skills: readonly SkillFolder[],
  request: string,
  { asker, pick }: Pick<ReceiveOptions, 'asker'> & { readonly pick: ReceiveOptions['pick'] },
): Promise<readonly SkillFolder[]> {
  if (pick === 'all' && skills.length > 0) return skills;
  if (skills.length <= 1 && pick === undefined) return [requireOne(skills, request)];
  const folders = skills.map(({ folder }) => folder);
  const wanted = pick === undefined || pick === 'all' ? await asker.pick(folders) : pick;
  return (wanted ?? [requireOne(skills, request).folder]).map((name) => {
    const named = skills.filter(({ folder }) => folder === name || folder.endsWith(`/${name}`));
    if (named.length > 0) return requireOne(named, request);
    throw new SkillError('E_NOT_FOUND', `${quote(request, 400)} holds no skill ${quote(name)}`, {
      hint: `it holds ${folders.slice(0, 20).join(', ')}`,
      details: { folders },
    });
  });
}
