import { lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';

/** Where programs and their libraries are. */
const FOLDERS = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];

// cspell:disable
/** What programs read of the configuration of a machine. None of it is secret, and nothing else of `/etc` is there. */
const CONFIGURATION =
  'alternatives crypto-policies fonts ld.so.cache group passwd nsswitch.conf hosts localtime locale.conf ssl/openssl.cnf';
/** What they read in order to use the network. */
const NETWORK_CONFIGURATION =
  'host.conf gai.conf resolv.conf protocols services ssl/certs ssl/cert.pem ca-certificates pki/tls/certs pki/ca-trust/extracted';
// cspell:enable

export interface SystemRoot {
  /** Options that put its folders there, read-only. */
  readonly options: readonly string[];
  /** Single files, which are copied: each mount takes longer the more there are. */
  readonly files: readonly { readonly path: string; readonly real: string }[];
  /** What is there of it. */
  readonly paths: readonly string[];
}

const made = new Map<boolean, SystemRoot>();

/** What every program needs of this machine. Looked at once: it belongs to the operator. */
export function systemRoot(hasNetwork: boolean): SystemRoot {
  const root = made.get(hasNetwork) ?? readSystemRoot(hasNetwork);
  made.set(hasNetwork, root);
  return root;
}

function readSystemRoot(hasNetwork: boolean): SystemRoot {
  const options: string[] = [];
  const files: { path: string; real: string }[] = [];
  const paths: string[] = [];
  for (const path of FOLDERS) {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) continue;
    paths.push(path);
    if (stat.isSymbolicLink()) options.push('--symlink', readlinkSync(path), path);
    else options.push('--ro-bind', path, path);
  }
  for (const path of configurationOf(hasNetwork)) {
    const real = realPath(path);
    if (real === undefined) continue;
    paths.push(path);
    if (statSync(real).isDirectory()) options.push('--ro-bind', real, path);
    else files.push({ path, real });
  }
  return { options, files, paths };
}

function configurationOf(hasNetwork: boolean): string[] {
  const names = hasNetwork ? `${CONFIGURATION} ${NETWORK_CONFIGURATION}` : CONFIGURATION;
  return names.split(' ').map((name) => `/etc/${name}`);
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
