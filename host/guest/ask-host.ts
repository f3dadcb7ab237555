import { HOST_ERROR_CODES, HostCallError, type HostErrorCode, type HostOperation } from '../abi/context.ts';
import type { WireValue } from '../wire/codec.ts';
import { frame } from '../wire/frame.ts';
import type { BlockingChannel } from './blocking-channel.ts';

/**
 * One host call: a request over the worker's channel, and a wait for the answer.
 * @throws HostCallError when the trusted side refuses or fails the call, or would kill us for its size
 */
export function askHost(
  channel: BlockingChannel,
  maxBytes: number,
  [operation, ...args]: readonly [HostOperation, ...WireValue[]],
): WireValue {
  const request = frame([operation, args]);
  if (request.length > maxBytes)
    throw new HostCallError(
      'too-large',
      `a host call of ${request.length} bytes; the limit is ${maxBytes}`,
      'EMSGSIZE',
    );
  channel.send(request);
  const answer = channel.receive();
  if (!Array.isArray(answer)) throw new Error('the trusted side answered something else than a list');
  const [ok, value, message, errno] = answer as readonly WireValue[];
  if (ok === true) return value ?? null;
  const code = HOST_ERROR_CODES.find((known) => known === value) ?? ('failed' satisfies HostErrorCode);
  throw new HostCallError(
    code,
    typeof message === 'string' ? message : '',
    typeof errno === 'string' ? errno : undefined,
  );
}
