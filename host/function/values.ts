import { FIXED } from '../limits.ts';
import { HostCallRefusal } from '../wire/refusal.ts';
import { bytes, text } from '../wire/parse-message.ts';
import { type HostFunction, invalid, type LogLevel, tooLarge } from './scope.ts';

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Environment, secrets, state, cache and log: functions that read or keep small values. */
export const valueFunctions: Readonly<Record<string, HostFunction>> = {
  'env.list': (_args, { gate, env }) =>
    gate.readable(Object.keys(env).filter((name) => env[name] !== undefined)).toSorted(),
  'env.get': ([name], { gate, env }) => {
    const checked = gate.name('env_read', text(name, 'name'));
    const value = Object.hasOwn(env, checked.name) ? env[checked.name] : undefined;
    return value ?? notFound(`the variable ${checked.name} is not set`);
  },
  'secrets.get': async ([name], { gate, secrets, onSecret }) => {
    const checked = gate.name('secrets_access', text(name, 'name'));
    const value = (await secrets.get(checked.name)) ?? notFound(`the secret ${checked.name} does not exist`);
    onSecret(value);
    return value;
  },
  'state.get': ([key], { state }) => state.get(parseKey(key)) ?? notFound('no such key'),
  'state.keys': (_args, { state }) => [...state.keys()].toSorted(),
  'state.set': ([key, value], { gate, state }) => {
    const name = parseKey(key);
    const data = bytes(value, 'value');
    gate.own('state', name);
    state.set(name, data);
    return null;
  },
  'state.delete': ([key], { gate, state }) => {
    const name = parseKey(key);
    gate.own('state', name);
    state.delete(name);
    return null;
  },
  'cache.get': ([key], { cache }) => cache.get(parseKey(key)) ?? notFound('no such key, or it is over'),
  'cache.set': ([key, value, ttl], { gate, cache }) => {
    const name = parseKey(key);
    const data = bytes(value, 'value');
    const ttlMs = parseTime(ttl);
    gate.own('cache', name);
    cache.set(name, data, ttlMs);
    return null;
  },
  log: ([level, message], { log }) => {
    const known = LEVELS.find((one) => one === level) ?? invalid('an unknown log level');
    log(known, text(message, 'message'));
    return null;
  },
};

function parseKey(key: Parameters<HostFunction>[0][number] | undefined): string {
  const name = text(key, 'key');
  const most = FIXED.state_key_chars.limit;
  if (name === '' || name.length > most) tooLarge(`a key has 1 to ${most} characters; state_key_chars = ${most}`);
  return name;
}

/** A guest may say any number of 64 bits. */
function parseTime(ms: Parameters<HostFunction>[0][number] | undefined): number {
  if (typeof ms !== 'number' || !(ms >= 0)) return invalid('a time to live is a number of milliseconds from 0');
  return Math.min(ms, Number.MAX_SAFE_INTEGER);
}

function notFound(message: string): never {
  throw new HostCallRefusal('not-found', message, 'ENOENT');
}
