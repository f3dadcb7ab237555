import { MODEL_VARIABLES } from '../conversation/models.ts';
import type { SecretSource } from '../../host/index.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Secrets from the environment: `github-token` is `SKILLHOST_SECRET_GITHUB_TOKEN`. */
export function secretsFromEnvironment(env: Environment): SecretSource {
  return {
    get: (name) => Promise.resolve(env[`${SECRET_PREFIX}${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`]),
  };
}

const SECRET_PREFIX = 'SKILLHOST_SECRET_';

/** A copy of the environment without the variables that hold secrets: those have a door of their own. */
export function withoutSecrets(env: Environment): Environment {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith(SECRET_PREFIX) && name !== MODEL_VARIABLES.key),
  );
}
