import type { HalCause } from '../../schemas/hal.js';

/** A value for a placeholder, or why there is none. */
export type Filling =
  | { readonly value: string; readonly secret: boolean }
  | { readonly cause: HalCause; readonly message: string };

export type Resolve = (kind: 'secrets' | 'env', name: string) => Filling;

/** A request cannot be made because a placeholder has no usable value. */
export interface Unfilled {
  readonly cause: HalCause;
  readonly message: string;
}

const LIKELY = /\{(?:secrets?|env)\.[^{}]{0,200}\}?/g;
const EXACT = /^\{(secrets|env)\.([A-Za-z_][A-Za-z0-9_.-]{0,127})\}$/;

/** The first thing in a text that looks like a placeholder and is none; undefined when all are right. */
export function misspelt(text: string): string | undefined {
  return text.match(LIKELY)?.find(found => !EXACT.test(found));
}

/** Names of the secrets that a text asks for. */
export function secretNames(text: string): readonly string[] {
  return (text.match(LIKELY) ?? []).flatMap(found => {
    const [, kind, name] = EXACT.exec(found) ?? [];
    return kind === 'secrets' && name !== undefined ? [name] : [];
  });
}

/** Fills texts and remembers the first value that was missing and whether a secret went in. */
export interface Filler {
  /** `encode` makes a value fit the place it goes to. What was filled in is not looked at again. */
  text(template: string, encode?: (value: string) => string): string;
  /** Every string of a JSON value; names stay as they are. */
  json(template: unknown): unknown;
  problem(): Unfilled | undefined;
  usedSecret(): boolean;
}

export function createFiller(resolve: Resolve): Filler {
  let problem: Unfilled | undefined;
  let secret = false;
  const value = (found: string, encode: (value: string) => string): string => {
    const [, kind, name] = EXACT.exec(found) ?? [];
    if (name === undefined) return found;
    const filling = resolve(kind === 'env' ? 'env' : 'secrets', name);
    if ('cause' in filling) {
      problem ??= filling;
      return '';
    }
    secret ||= filling.secret;
    return encode(filling.value);
  };
  const text = (template: string, encode = (plain: string) => plain): string =>
    template.replace(LIKELY, found => value(found, encode));
  const json = (template: unknown): unknown => {
    if (typeof template === 'string') return text(template);
    if (Array.isArray(template)) return template.map(json);
    if (typeof template !== 'object' || template === null) return template;
    return Object.fromEntries(Object.entries(template).map(([name, member]) => [name, json(member)]));
  };
  return { text, json, problem: () => problem, usedSecret: () => secret };
}
