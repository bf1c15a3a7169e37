import type * as z from 'zod';
import { HalExpectation, HalProfile, HalRequest, MAX_HAL_CHECKS } from '../../schemas/hal.js';
import { SpecError } from '../errors.js';
import { sha256Of } from '../evidence/digest.js';
import { nearest } from '../settings/nearest.js';
import type { Workspace } from '../workspace/workspace.js';
import { defaultProfile } from './default-profile.js';
import type { HalProfileSource } from './hal.js';
import { parsePath } from './json-path.js';
import { shapeFlaw } from './json-shape.js';
import { misspelt } from './placeholders.js';
import { quoted } from './quoted.js';

export const DEFAULT_PROFILE_PATH = 'docs/hal/hal_profile.json';
const MAX_PROFILE_BYTES = 1024 * 1024;

export interface LoadedProfile {
  readonly requests: HalProfile;
  readonly source: HalProfileSource;
}

/**
 * The profile at `path`; when that is undefined, docs/hal/hal_profile.json, or the built-in checks where there is none.
 * Throws CONFIG_INVALID with the place, LIMIT_EXCEEDED, and what reading a file throws.
 */
export function loadProfile({ files }: Workspace, path: string | undefined, secret: string): LoadedProfile {
  const chosen = path ?? DEFAULT_PROFILE_PATH;
  const file = files.read(chosen, MAX_PROFILE_BYTES);
  if (file !== undefined)
    return {
      requests: parseProfile(chosen, file.bytes),
      source: { path: chosen, sha256: sha256Of(file.bytes) },
    };
  if (path !== undefined)
    throw invalid(path, 'there is no such file. [hal] profile names it; `spec-kit-mcp hal init` writes one');
  return { requests: defaultProfile(secret), source: { path: null, sha256: null } };
}

/** Where `loadProfile` would find the checks now, unparsed. Throws what reading a file throws. */
export function profileDigest({ files }: Workspace, path: string | undefined): HalProfileSource {
  const chosen = path ?? DEFAULT_PROFILE_PATH;
  const file = files.read(chosen, MAX_PROFILE_BYTES);
  return file === undefined ? { path: null, sha256: null } : { path: chosen, sha256: sha256Of(file.bytes) };
}

/** `$schema` and `$comment` at the top are for editors and people. */
function parseProfile(path: string, bytes: Buffer): HalProfile {
  const raw = parseJson(path, bytes);
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    throw invalid(path, 'it must be a JSON object: check name -> request');
  const { $schema: _, $comment: __, ...requests } = Object.fromEntries(Object.entries(raw));
  const count = Object.keys(requests).length;
  if (count > MAX_HAL_CHECKS)
    throw new SpecError(
      'LIMIT_EXCEEDED',
      `${path}: it has ${count} checks, and ${MAX_HAL_CHECKS} is the most. A smoke test is a handful; leave the rest to the scenarios.`,
    );
  if (count === 0) throw invalid(path, 'it has no checks, and a run without checks passes nothing');
  const parsed = HalProfile.safeParse(requests);
  if (!parsed.success) throw invalid(path, parsed.error.issues.slice(0, 3).map(describe).join('; '));
  for (const [name, request] of Object.entries(parsed.data)) {
    const noPath = Object.keys(request.expect.json ?? {}).find(each => parsePath(each) === undefined);
    if (noPath !== undefined)
      throw invalid(path, `${name}: ${shown(noPath)} is no path; write them as data.items[0].id`);
    const wrong = misspelt(JSON.stringify(request));
    if (wrong !== undefined)
      throw invalid(path, `${name}: ${shown(wrong)} is no placeholder; write {secrets.NAME} or {env.NAME}`);
  }
  return parsed.data;
}

function parseJson(path: string, bytes: Buffer): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid(path, 'it is not valid UTF-8');
  }
  try {
    const value: unknown = JSON.parse(text);
    const flaw = shapeFlaw(text);
    if (flaw !== undefined) throw invalid(path, flaw);
    return value;
  } catch (error) {
    if (error instanceof SpecError) throw error;
    throw invalid(path, `it is not valid JSON${place(text, error)}`);
  }
}

function place(text: string, error: unknown): string {
  const at = error instanceof SyntaxError ? /position (\d+)/.exec(error.message)?.[1] : undefined;
  if (at === undefined) return '';
  const lines = text.slice(0, Number(at)).split('\n');
  return `, line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}

function describe(issue: z.core.$ZodIssue): string {
  const where = shown(issue.path.map(String).join('.'));
  if (issue.code === 'invalid_key') return `${where} ${issue.issues[0]?.message ?? issue.message}`;
  if (issue.code !== 'unrecognized_keys') return `${where}: ${issue.message}`;
  const valid = validKeys(issue.path.map(String));
  return issue.keys
    .map(key => {
      const near = nearest(key, valid);
      const hint = near === undefined ? `valid here: ${valid.join(', ')}` : `did you mean "${near}"?`;
      return `unknown key ${shown(`${issue.path.map(String).join('.')}.${key}`)} (${hint})`;
    })
    .join('; ');
}

function validKeys([, part, kind]: readonly string[]): readonly string[] {
  if (part === undefined) return Object.keys(HalRequest.shape);
  return kind === undefined ? Object.keys(HalExpectation.shape) : ['equals', 'exists'];
}

/** A name from the file, which a stranger may have written. */
function shown(text: string): string {
  return quoted(text, plain => plain);
}

function invalid(path: string, what: string): SpecError {
  return new SpecError('CONFIG_INVALID', `${path}: ${what}. Mend it and call again.`);
}
