import { setTimeout as wait } from 'node:timers/promises';
import { quote, resolveHost, SkillError } from '../../host/index.ts';
import { checkTarget, type TargetRules } from './check-target.ts';
import type { Download, DownloadAnswer, DownloadRequest } from './download.ts';
import { endInTime } from './end-in-time.ts';
import { exchange, isRedirect } from './exchange.ts';
import { shownUrl } from './explain.ts';
import { parsePrivateHosts } from './private-hosts.ts';

export interface DownloadOptions {
  /** `host` or `host:port`: the only ones with private addresses, and the only ones asked over http. */
  readonly privateHosts: readonly string[];
  /** For all of it, redirects and a second try among it. Default 60,000 milliseconds. */
  readonly totalMs?: number;
  /** For which a server may be silent. Default 15,000 milliseconds. */
  readonly stallMs?: number;
  readonly resolve?: typeof resolveHost;
}

interface Limits extends TargetRules {
  readonly signal: AbortSignal;
  readonly stallMs: number;
}

const MOST_REDIRECTS = 5;
const LONGEST_WAIT_SECONDS = 10;
/** All others may say who asks, and stay with the server they were meant for. */
const GOES_ANYWHERE = new Set(['accept', 'user-agent', 'range']);

/** @throws SkillError E_USAGE for a host that is none */
export function createDownload({
  privateHosts,
  totalMs = 60_000,
  stallMs = 15_000,
  resolve = resolveHost,
}: DownloadOptions): Download {
  const isListed = parsePrivateHosts(privateHosts);
  return (request) =>
    endInTime({ signal: request.signal, ms: totalMs, shown: shownTarget(request.url) }, (signal) =>
      tryTwice(request, { isListed, resolve, signal, stallMs }),
    );
}

function shownTarget(url: string): string {
  return URL.canParse(url) ? shownUrl(new URL(url)) : quote(url);
}

/** A server that is busy for a moment is asked once more, when it says for how long. */
async function tryTwice(request: DownloadRequest, limits: Limits): Promise<DownloadAnswer> {
  const first = await follow(request, limits);
  const isBusy = first.status === 429 || first.status === 503;
  const seconds = secondsOf(first.headers['retry-after']);
  if (!isBusy || (request.method ?? 'GET') !== 'GET' || seconds === undefined) return first;
  await wait(seconds * 1000, undefined, { signal: limits.signal });
  return follow(request, limits);
}

/** What is no time is none: only the two forms of HTTP are read. */
function secondsOf(after = ''): number | undefined {
  const isDate = after.endsWith(' GMT');
  const seconds = isDate ? Math.max(0, (Date.parse(after) - Date.now()) / 1000) : Number(after);
  const isRead = isDate || /^\d{1,9}$/.test(after);
  return isRead && seconds <= LONGEST_WAIT_SECONDS ? seconds : undefined;
}

async function follow(request: DownloadRequest, limits: Limits): Promise<DownloadAnswer> {
  let { url, headers = {} } = request;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const target = await checkTarget(url, limits);
    const answer = await exchange(target, { ...request, headers }, limits);
    if (!isRedirect(answer.status)) return answer;
    const next = nextOf(answer, request.method ?? 'GET');
    if (next.origin !== target.url.origin) headers = withoutCredentials(headers);
    url = next.href;
  }
  throw refuse(request.url, `redirects more than ${MOST_REDIRECTS} times`);
}

/** What changes something is not sent to where nobody meant it to go. */
function nextOf({ url, status, headers: { location } }: DownloadAnswer, method: string): URL {
  if (method !== 'GET' && method !== 'HEAD') throw refuse(url, `answers ${method} with a redirect (${status})`);
  if (location === undefined || !URL.canParse(location, url))
    throw refuse(url, 'redirects to something that is no URL');
  return new URL(location, url);
}

function withoutCredentials(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => GOES_ANYWHERE.has(name.toLowerCase())));
}

function refuse(url: string, what: string): SkillError {
  return new SkillError('E_NETWORK', `${shownTarget(url)} ${what}`, {
    hint: 'give the address where it is to be found in the end',
    details: { reason: 'redirect' },
  });
}
