import type { Resource } from '../resource.js';

const VARIABLE = /^\{(\w+)\}$/;
const MAX_URI = 4096;

export interface Match {
  readonly resource: Resource;
  /** Percent-decoded variables; undefined when one of them is not valid percent-encoding. */
  readonly variables: Readonly<Record<string, string>> | undefined;
}

/** A resource without variables has one URI and is listed by that; the others are templates. */
export function isFixed(resource: Resource): boolean {
  return !resource.uri.includes('{');
}

/**
 * The resource a URI names. The text is compared as it stands: no dot segments, case or default ports are
 * normalised, so two different URIs never name the same thing. A variable is one whole segment.
 */
export function matchUri(resources: readonly Resource[], uri: string): Match | undefined {
  if (uri.length > MAX_URI) return undefined;
  const segments = uri.split('/');
  for (const resource of resources) {
    const raw = capture(resource.uri.split('/'), segments);
    if (raw) return { resource, variables: decoded(raw) };
  }
  return undefined;
}

function capture(template: readonly string[], segments: readonly string[]): [string, string][] | undefined {
  if (template.length !== segments.length) return undefined;
  const raw: [string, string][] = [];
  for (const [index, part] of template.entries()) {
    const segment = segments[index] ?? '';
    const name = VARIABLE.exec(part)?.[1];
    if (name === undefined && segment !== part) return undefined;
    if (name !== undefined && segment === '') return undefined;
    if (name !== undefined) raw.push([name, segment]);
  }
  return raw;
}

function decoded(raw: readonly [string, string][]): Record<string, string> | undefined {
  try {
    return Object.fromEntries(raw.map(([name, text]) => [name, decodeURIComponent(text)]));
  } catch {
    return undefined;
  }
}
