import { SHORTEST_SECRET } from './needles.js';

const strongName = /TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY/i;
const weakName = /(?:^|_)(?:KEY|AUTH|PASS|PWD|PAT|JWT|COOKIE|DSN|WEBHOOK)(?:_|$)/i;

/** Where paths begin. Base64 may begin with a slash too, so a slash alone says nothing. */
const path =
  /^(?:~?\/?$|~\/|\.{1,2}\/|[A-Za-z]:\\|\/(?:home|Users|root|tmp|var|usr|etc|opt|run|private|mnt|srv|dev|proc|nix|Library|Applications|Volumes|workspaces?|builds?)\/)/;

/**
 * The values of an environment that look secret by the name of their variable, and passwords inside URLs. Left out are
 * values under 8 characters, paths, and, where the name is a weak sign, plain words.
 */
export function secretsFrom(env: Readonly<Record<string, string | undefined>>): string[] {
  const secrets = new Set<string>();
  for (const [name, raw] of Object.entries(env)) {
    const value = raw?.trim() ?? '';
    if (isSecret(name, value)) secrets.add(value);
    const password = /^[a-z][a-z0-9+.-]{1,30}:\/\/[^\s/?#@:]{0,256}:([^\s/?#@]{1,256})@/i.exec(value)?.[1];
    if (password !== undefined) secrets.add(decoded(password)).add(password);
  }
  return [...secrets].filter(value => value.length >= SHORTEST_SECRET);
}

function isSecret(name: string, value: string): boolean {
  if (path.test(value)) return false;
  return strongName.test(name) || (weakName.test(name) && !/^[a-z]+(?:[-_ ][a-z]+)*$/i.test(value));
}

function decoded(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}
