import { componentImports } from '../abi/interfaces.ts';
import { IncomingRequest, readResponse, ResponseOutparam } from '../abi/wasi2/http.ts';
import { instantiateComponent, type LinkedFunction } from '../component/instantiate.ts';
import { argumentsFromJson, toJson } from '../component/json-value.ts';
import { malformed } from '../wasm/bytes.ts';
import type { GuestCall } from '../wire/messages.ts';
import type { CompiledComponent } from './compiled-module.ts';
import { exited, type Finish } from './finish.ts';
import type { Surroundings } from './surroundings.ts';

/** Instantiates a component. @returns what calls it */
export function startComponent(
  { component, modules, fuelNamespace }: CompiledComponent,
  { context, memory, fuel }: Surroundings,
): (call: GuestCall) => Finish {
  const { resolve, files } = componentImports(context);
  const instance = instantiateComponent(component, modules, {
    resolve,
    added: { [fuelNamespace]: fuel.imports },
    onInstance: (exports) => memory.see(exports),
  });
  return (call) => {
    const { abi, interfaceName, name } = call.entry;
    const target = instance.get(interfaceName)?.get(name) ?? malformed(`no export ${name}`, 0);
    const finish =
      abi === 'component-command'
        ? runCommand(target)
        : abi === 'http-handler'
          ? handleRequest(target, call)
          : callFunction(target, call);
    files.flush();
    return finish;
  };
}

function callFunction({ signature, call: fn }: LinkedFunction, { input }: GuestCall): Finish {
  const value = fn(...argumentsFromJson(signature, JSON.parse(String(input))));
  const { result } = signature;
  if (result === undefined) return { kind: 'ok', result: 'null' };
  if (result.kind !== 'result') return { kind: 'ok', result: JSON.stringify(toJson(result, value)) };
  const { tag, val } = value as { tag: 'ok' | 'err'; val: unknown };
  const side = result[tag];
  return {
    kind: tag === 'ok' ? 'ok' : 'failed',
    result: side === undefined ? 'null' : JSON.stringify(toJson(side, val)),
  };
}

function runCommand({ call: fn }: LinkedFunction): Finish {
  try {
    const { tag } = fn() as { tag: string };
    return tag === 'ok' ? { kind: 'ok', result: '' } : { kind: 'exit', result: '', status: 1 };
  } catch (error) {
    return exited(error);
  }
}

function handleRequest({ call: fn }: LinkedFunction, { input }: GuestCall): Finish {
  const given = JSON.parse(String(input)) as {
    method?: string;
    path?: string;
    headers?: Record<string, string>;
    body?: string;
  };
  const request = new IncomingRequest({
    method: given.method ?? 'GET',
    path: given.path ?? '/',
    authority: given.headers?.['host'] ?? 'localhost',
    headers: Object.entries(given.headers ?? {}),
    body: Buffer.from(given.body ?? ''),
  });
  const outparam = new ResponseOutparam();
  fn(request, outparam);
  const response = readResponse(outparam);
  if ('error' in response) return { kind: 'failed', result: JSON.stringify(response.error) };
  const { status, headers, body } = response;
  return {
    kind: 'ok',
    result: JSON.stringify({ status, headers: Object.fromEntries(headers), body: Buffer.from(body).toString() }),
  };
}
