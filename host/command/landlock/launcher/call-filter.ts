import type { Processor } from './call-numbers.ts';

// cspell:ignore seccomp errno netlink seqpacket keyctl socketpair

const LOAD = 0x20;
const EQUAL = 0x15;
const AT_LEAST = 0x35;
const ANY_BIT = 0x45;
const MASK = 0x54;
const RETURN = 0x06;

const ALLOW = 0x7fff0000;
const refuse = (code: number): number => 0x00050000 | code;
const EPERM = 1;
const EACCES = 13;
const ENOSYS = 38;

const NUMBER = 0;
const PROCESSOR = 4;
const FIRST_ARGUMENT = 16;
const SECOND_ARGUMENT = 24;

const INTERNET = [2, 10];
const NETLINK = 16;
const STREAM = 1;
const SEQUENCED = 5;
const KIND_OF_SOCKET = 0xf;
const NEW_USER_NAMESPACE = 0x10000000;

type Step = readonly [code: number, value: number, then?: number, otherwise?: number];

/** Goes on where the value is one of these, and ends with a refusal where it is none. */
function oneOf(values: readonly number[], code: number): Step[] {
  const compared = values.map((value, i): Step => [EQUAL, value, values.length - i, 0]);
  return [...compared, [RETURN, refuse(code)], [RETURN, ALLOW]];
}

/** Steps for one call, which end; for any other the next steps. */
function onCall(number: number, steps: readonly Step[]): Step[] {
  return [[EQUAL, number, 0, steps.length], ...steps];
}

/**
 * What Landlock has no rule for: sockets other than those of networks, by which a program would talk to the servers of this
 * machine that listen at a name (pairs of connected ones are allowed); user namespaces, in which it would have capabilities
 * again; keys of its user; and calls that do the work of others past this filter. Answered with errors, as by a kernel that
 * lacks them.
 */
export function callFilter({ numbers, audit, foreignFrom }: Processor): Buffer {
  const makesNoUser: Step[] = [
    [LOAD, FIRST_ARGUMENT],
    [ANY_BIT, NEW_USER_NAMESPACE, 0, 1],
    [RETURN, refuse(EPERM)],
    [RETURN, ALLOW],
  ];
  const missing = [numbers.io_uring_setup, numbers.clone3, numbers.add_key, numbers.request_key, numbers.keyctl];
  const foreign: Step[] =
    foreignFrom === undefined
      ? []
      : [
          [AT_LEAST, foreignFrom, 0, 1],
          [RETURN, refuse(ENOSYS)],
        ];
  return encode([
    [LOAD, PROCESSOR],
    [EQUAL, audit, 1, 0],
    [RETURN, refuse(ENOSYS)],
    [LOAD, NUMBER],
    ...foreign,
    ...missing.flatMap((number) => onCall(number, [[RETURN, refuse(ENOSYS)]])),
    ...onCall(numbers.socket, [[LOAD, FIRST_ARGUMENT], ...oneOf([...INTERNET, NETLINK], EACCES)]),
    // Of the other kinds one end can be pointed at a name.
    ...onCall(numbers.socketpair, [
      [LOAD, SECOND_ARGUMENT],
      [MASK, KIND_OF_SOCKET],
      ...oneOf([STREAM, SEQUENCED], EACCES),
    ]),
    ...onCall(numbers.unshare, makesNoUser),
    ...onCall(numbers.clone, makesNoUser),
    [RETURN, ALLOW],
  ]);
}

function encode(steps: readonly Step[]): Buffer {
  return Buffer.concat(
    steps.map(([code, value, then = 0, otherwise = 0]) => {
      const bytes = Buffer.alloc(8);
      bytes.writeUInt16LE(code, 0);
      bytes.writeUInt8(then, 2);
      bytes.writeUInt8(otherwise, 3);
      bytes.writeUInt32LE(value, 4);
      return bytes;
    }),
  );
}
