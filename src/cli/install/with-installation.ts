import { quote, quoteForShell, SkillError } from '../../../host/index.ts';
import type { CatalogEntry } from '../../catalog/entry.ts';
import { type Home, locateHome } from '../../home/home.ts';
import type { AddOptions } from '../../install/add.ts';
import { judgeSignature, trustOfHome, type TrustRules } from '../../install/judge-signature.ts';
import { type OpenInstallation, openInstallation, openUnset } from '../../install/open.ts';
import { offersOf } from '../../registry/offers.ts';
import type { Context } from '../context.ts';
import { type GrantFlags, openInstallAsker } from './ask-install.ts';

/** What may change about a skill that is installed, as flags. */
export interface AllowFlags {
  readonly replace?: boolean;
  readonly allowDowngrade?: boolean;
  readonly acceptSigner?: boolean;
}

/** Runs what changes, or looks at, what is installed; Ctrl-C ends it before anything is changed. */
export function withInstallation<T>(context: Context, act: (open: OpenInstallation) => Promise<T>): Promise<T> {
  return withOpen(context, openInstallation, act);
}

/** As `withInstallation`, also where the configuration is broken. */
export function withUnset<T>(
  context: Context,
  act: (open: Pick<OpenInstallation, 'installation'>) => Promise<T>,
): Promise<T> {
  return withOpen(context, openUnset, act);
}

async function withOpen<T, Open extends Pick<OpenInstallation, 'close'>>(
  { home, openCatalog }: Context,
  openIn: (home: Home, signal: AbortSignal) => Open | Promise<Open>,
  act: (open: Open) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort(new SkillError('E_ABORTED', 'interrupted: nothing was changed'));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const open = await openIn(locateHome(home, process.env), stop.signal);
  try {
    return await act(open);
  } catch (error) {
    const { notInstalled: id } = (error instanceof SkillError ? (error.details ?? {}) : {}) as {
      notInstalled?: string;
    };
    const there = id === undefined ? undefined : (await openCatalog()).find((entry) => entry.id === id);
    throw there === undefined ? error : await explainUninstalled(there);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    open.close();
  }
}

/** Why a skill that every list shows cannot be changed as those that are installed. */
async function explainUninstalled({ id, path }: CatalogEntry): Promise<SkillError> {
  const { isBundled } = await import('../../catalog/catalog.ts');
  const bundled = isBundled(path);
  const place = bundled ? 'it ships with skillhost' : `it is the folder ${path}`;
  const leftOut = `--skills '!${id}' leaves it out`;
  return new SkillError('E_NOT_FOUND', `${quote(id)} is not installed: ${place}`, {
    hint: bundled ? leftOut : `skill add ${quoteForShell(path)} installs it; ${leftOut}`,
  });
}

/** How skills are installed by a command with these flags. */
export function addOptionsOf(
  open: OpenInstallation,
  flags: GrantFlags & AllowFlags,
  { terminal }: Context,
): AddOptions {
  const { config, supply } = open;
  const trust = trustRulesOf(open, flags);
  return {
    supply,
    offers: offersOf(supply.registries),
    asker: openInstallAsker(flags, terminal),
    rules: config,
    judgeTrust: async (incoming, before) => {
      const { id, manifest } = incoming;
      return (await judgeSignature({ ...incoming, id, version: manifest.version }, before, trust)).signature;
    },
    allowed: { replace: flags.replace === true, downgrade: flags.allowDowngrade === true },
  };
}

export function trustRulesOf(
  { config, installation }: OpenInstallation,
  { acceptSigner }: AllowFlags = {},
): TrustRules {
  return {
    policy: trustOfHome(config, installation.home),
    now: installation.now,
    acceptSigner: acceptSigner === true,
  };
}
