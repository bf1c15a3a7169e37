import type { Settings } from '../../schemas/settings.js';
import { SHORTEST_SECRET } from '../redact/needles.js';
import type { Operator } from '../workspace/operator.js';
import type { Filling, Resolve } from './placeholders.js';

const DEFAULT_SECRET_ENV = 'HAL_SECRET_KAVEDARR_API_KEY';

/** Variables that a committed file may name without being trusted: they exist for HAL alone. */
const FOR_HAL = /^HAL_/;
const FOR_HAL_SECRETS = /^HAL_SECRET_/;

/** Which variable holds the API key. `configured` are the names from hal_config.toml. */
export function mainSecret(
  { hal }: Operator,
  settings: Settings['hal'],
  configured: readonly string[],
): string {
  return hal.secretEnv ?? declaredSecrets(settings)[0] ?? configured[0] ?? DEFAULT_SECRET_ENV;
}

export function declaredSecrets({ secret_env }: Settings['hal']): readonly string[] {
  return [secret_env ?? []].flat();
}

/** Variables that the settings name and that were not made for HAL: a person has to trust the file first. */
export function foreignVariables(settings: Settings['hal']): readonly string[] {
  return [
    ...declaredSecrets(settings).filter(name => !FOR_HAL_SECRETS.test(name)),
    ...settings.env.filter(name => !FOR_HAL.test(name)),
  ];
}

/**
 * Where the values of placeholders come from. `{secrets.NAME}` is a variable that was declared as a secret, or
 * HAL_SECRET_NAME (`kavedarr.api_key` is HAL_SECRET_KAVEDARR_API_KEY); `{env.NAME}` is a declared variable or HAL_NAME.
 * No other variable is read. `only`: the one secret that the profile uses, when it is one; an operator may say where it is.
 */
export function createResolve(
  operator: Operator,
  settings: Settings['hal'],
  only: string | undefined,
): Resolve {
  const ordered = operator.hal.secretEnv;
  const declared = [...declaredSecrets(settings), ordered].filter(name => name !== undefined);
  const secret = (name: string): Filling => {
    const upper = name.replaceAll(/[.-]/g, '_').toUpperCase();
    const prefixed = FOR_HAL_SECRETS.test(upper) ? [name, upper] : [`HAL_SECRET_${upper}`];
    const candidates = [
      ...(name === only && ordered !== undefined ? [ordered] : []),
      ...(declared.includes(name) ? [name] : []),
      ...prefixed.filter(each => FOR_HAL_SECRETS.test(each)),
    ];
    return usable(candidates, operator);
  };
  const variable = (name: string): Filling => {
    if (!FOR_HAL.test(name) && !settings.env.includes(name))
      return {
        cause: 'variable missing',
        message: `{env.${name}} names a variable that is not for HAL; list it under [hal] env, or name it HAL_...`,
      };
    const value = FOR_HAL_SECRETS.test(name) ? operator.secret(name) : operator.variable(name);
    if (value === undefined) return { cause: 'variable missing', message: `the variable ${name} is not set` };
    return { value, secret: operator.secrets.includes(value.trim()) };
  };
  return (kind, name) => (kind === 'env' ? variable(name) : secret(name));
}

function usable(candidates: readonly string[], operator: Operator): Filling {
  const set = candidates.find(name => (operator.secret(name) ?? '').trim() !== '');
  const first = candidates[0] ?? '';
  if (set === undefined) {
    const how = operator.secret(first) === undefined ? 'not set' : 'empty';
    return {
      cause: 'secret missing',
      message: `the variable ${first} is ${how}; set it, or name another with SPEC_OPS_HAL_SECRET_ENV or [hal] secret_env`,
    };
  }
  const value = operator.secret(set) ?? '';
  if (value.trim().length >= SHORTEST_SECRET) return { value, secret: true };
  return {
    cause: 'secret unusable',
    message: `the secret in ${set} has fewer than ${SHORTEST_SECRET} characters, too few to keep it out of the evidence; use a longer one`,
  };
}
