import { ResultError } from '../../component/trap.ts';
import { type ComponentFunction } from '../../component/call.ts';
import { defineInterface, type HostInterface } from '../functions.ts';

// Sockets are known but not offered: guests that merely import them link, and learn `access-denied` when they try.
const denied = (): never => {
  throw new ResultError('access-denied');
};

/** Methods of socket resources; none can be reached, since nothing hands out a socket. */
function unreachable(prefix: string, names: string): Record<string, ComponentFunction> {
  return Object.fromEntries(names.split(' ').map((name) => [`[method]${prefix}.${name}`, denied]));
}

const TCP =
  'start-bind finish-bind start-connect finish-connect start-listen finish-listen accept local-address remote-address is-listening ' +
  'address-family set-listen-backlog-size keep-alive-enabled set-keep-alive-enabled keep-alive-idle-time set-keep-alive-idle-time ' +
  'keep-alive-interval set-keep-alive-interval keep-alive-count set-keep-alive-count hop-limit set-hop-limit receive-buffer-size ' +
  'set-receive-buffer-size send-buffer-size set-send-buffer-size subscribe shutdown';
const UDP =
  'start-bind finish-bind stream local-address remote-address address-family unicast-hop-limit set-unicast-hop-limit ' +
  'receive-buffer-size set-receive-buffer-size send-buffer-size set-send-buffer-size subscribe';

/** The same for every instance: nothing here knows a call. */
export const SOCKET_INTERFACES: readonly (readonly [string, HostInterface])[] = [
  ['wasi:sockets/network', defineInterface({ 'network-error-code': () => null })],
  ['wasi:sockets/instance-network', defineInterface({ 'instance-network': () => ({ name: 'network' }) })],
  [
    'wasi:sockets/ip-name-lookup',
    defineInterface({
      'resolve-addresses': denied,
      ...unreachable('resolve-address-stream', 'resolve-next-address subscribe'),
    }),
  ],
  ['wasi:sockets/tcp', defineInterface(unreachable('tcp-socket', TCP))],
  ['wasi:sockets/tcp-create-socket', defineInterface({ 'create-tcp-socket': denied })],
  [
    'wasi:sockets/udp',
    defineInterface({
      ...unreachable('udp-socket', UDP),
      ...unreachable('incoming-datagram-stream', 'receive subscribe'),
      ...unreachable('outgoing-datagram-stream', 'check-send send subscribe'),
    }),
  ],
  ['wasi:sockets/udp-create-socket', defineInterface({ 'create-udp-socket': denied })],
];
