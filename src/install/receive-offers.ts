import { isDeepStrictEqual } from 'node:util';
import { quote, SkillError } from '../../host/index.ts';
import { byText, type Candidate } from '../resolve/candidate.ts';
import type { Store } from '../store/store.ts';
import { candidateOf } from './candidates.ts';
import type { Incoming } from './incoming.ts';
import type { Offer } from './offers.ts';

interface Receiver {
  readonly store: Store;
  readonly receive: (request: string) => Promise<Incoming>;
}

/**
 * Fetches what was chosen of what is offered, all of it or none.
 * @throws SkillError what `receive` throws; E_PACKAGE `not_as_offered` for one that says of itself something else
 */
export async function receiveOffers(
  offers: readonly Offer[],
  { store, receive }: Receiver,
): Promise<readonly Incoming[]> {
  const received: Incoming[] = [];
  try {
    for (const offer of offers) {
      const incoming = await receive(offer.source);
      received.push(incoming);
      checkOffer(offer, candidateOf(incoming.manifest));
    }
    return received;
  } catch (error) {
    for (const { staged } of received) discardQuietly(staged, store);
    throw error;
  }
}

/** The choice was made by what was offered; by anything else it might have been another. */
function checkOffer(offer: Offer, received: Candidate): void {
  if (isDeepStrictEqual(comparable(offer), comparable(received))) return;
  const [offered, is] = [offer, received].map(({ id, version }) => `${id} ${version}`);
  const what = offered === is ? 'needs or provides something else than was said' : `is ${is}`;
  throw new SkillError('E_PACKAGE', `what ${quote(offer.source, 400)} offers as ${offered} ${what}`, {
    hint: 'whoever runs the registry mends that; nothing was installed',
    details: { reason: 'not_as_offered' },
  });
}

function comparable({ id, version, dependencies, features, provides }: Candidate): unknown {
  return {
    id,
    version,
    dependencies: dependencies
      .map((need) => ({ ...need, features: need.features.toSorted() }))
      .toSorted((a, b) => byText(a.id, b.id)),
    features,
    provides,
  };
}

/** What stays is swept with what dead processes left. */
function discardQuietly(staged: string, store: Store): void {
  try {
    store.discard(staged);
  } catch {
    // As said above.
  }
}
