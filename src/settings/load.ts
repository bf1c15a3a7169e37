import { createHash } from 'node:crypto';
import * as z from 'zod';
import { Settings } from '../../schemas/settings.js';
import { SpecError } from '../errors.js';
import type { Workspace } from '../workspace/workspace.js';
import { nearest } from './nearest.js';

export const SETTINGS_FILE = 'spec-kit.toml';
export const MAX_SETTINGS_BYTES = 256 * 1024;

export interface LoadedSettings {
  readonly settings: Settings;
  /** Hex sha256 of the bytes of spec-kit.toml; null when there is none and the defaults hold. */
  readonly digest: string | null;
}

const lastLoaded = new WeakMap<Workspace, LoadedSettings>();

/** Reads spec-kit.toml anew on each call, so that an edit counts at once. Throws CONFIG_INVALID with the place. */
export async function loadSettings(workspace: Workspace): Promise<LoadedSettings> {
  const file = workspace.files.read(SETTINGS_FILE, MAX_SETTINGS_BYTES);
  const loaded = file === undefined ? defaults() : await settingsIn(file.bytes);
  lastLoaded.set(workspace, loaded);
  return loaded;
}

/** The settings as they were when last loaded, for those who cannot wait for the file; the defaults before that. */
export function knownSettings(workspace: Workspace): Settings {
  return (lastLoaded.get(workspace) ?? defaults()).settings;
}

let defaultSettings: LoadedSettings | undefined;

function defaults(): LoadedSettings {
  defaultSettings ??= { settings: Settings.parse({}), digest: null };
  return defaultSettings;
}

/** Of a version of the file. Throws CONFIG_INVALID. */
export async function settingsIn(bytes: Buffer): Promise<LoadedSettings> {
  const digest = createHash('sha256').update(bytes).digest('hex');
  return { settings: parseSettings(await parseToml(bytes)), digest };
}

async function parseToml(bytes: Buffer): Promise<unknown> {
  const { parse, TomlError } = await import('smol-toml');
  try {
    return parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof TomlError)
      throw invalid(
        `line ${error.line}, column ${error.column}: ${error.message.split('\n')[0] ?? ''}`,
        error,
      );
    throw invalid('it is not valid UTF-8', error);
  }
}

function parseSettings(raw: unknown): Settings {
  const parsed = Settings.safeParse(raw);
  if (!parsed.success) throw invalid(parsed.error.issues.slice(0, 3).map(describe).join('; '), parsed.error);
  for (const [where, name] of commandReferences(parsed.data)) {
    if (!Object.hasOwn(parsed.data.commands, name))
      throw invalid(`${where} names the command "${name}", and there is no [commands.${name}]`, undefined);
  }
  for (const [name, { min_tests: least = 0, report }] of Object.entries(parsed.data.commands)) {
    if (least > 0 && report === undefined)
      throw invalid(
        `commands.${name}.min_tests = ${least} needs a report to count the tests in: report = { format = "junit", path = "..." }`,
        undefined,
      );
  }
  return parsed.data;
}

function commandReferences({ guardrail, policy, hal }: Settings): [where: string, name: string][] {
  const references: [string, string | undefined][] = [
    ...(guardrail.plan.baseline ?? []).map((name): [string, string] => ['guardrail.plan.baseline', name]),
    ['guardrail.plan.session_start', guardrail.plan.session_start],
    ['guardrail.implement.file_hook', guardrail.implement.file_hook],
    ...guardrail.validate.scenarios.map((name): [string, string] => ['guardrail.validate.scenarios', name]),
    ['policy.prefilter', policy.prefilter],
    ['policy.final', policy.final],
    ['hal.start', hal.start],
  ];
  return references.flatMap(([where, name]) => (name === undefined ? [] : [[where, name]]));
}

function describe(issue: z.core.$ZodIssue): string {
  const where = issue.path.map(String).join('.');
  if (issue.code !== 'unrecognized_keys') return `${where || 'the file'}: ${issue.message}`;
  const valid = validKeys(issue.path.map(String));
  return issue.keys
    .map(key => {
      const near = nearest(key, valid);
      const hint = near === undefined ? `valid here: ${valid.join(', ')}` : `did you mean "${near}"?`;
      return `unknown key "${where === '' ? key : `${where}.${key}`}" (${hint})`;
    })
    .join('; ');
}

/** The keys that the schema allows at a place. */
function validKeys(path: readonly string[]): string[] {
  let at: z.core.$ZodType | undefined = Settings;
  for (const key of path) at = at === undefined ? undefined : inner(bare(at), key);
  const end = at === undefined ? undefined : bare(at);
  return end instanceof z.ZodObject ? Object.keys(end.shape) : [];
}

function inner(schema: z.core.$ZodType, key: string): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodObject) return Object.hasOwn(schema.shape, key) ? schema.shape[key] : undefined;
  return schema instanceof z.ZodRecord ? schema.valueType : undefined;
}

/** Without what says only whether the value may be left out. */
function bare(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault
    ? bare(schema.def.innerType)
    : schema;
}

function invalid(what: string, cause: unknown): SpecError {
  return new SpecError('CONFIG_INVALID', `${SETTINGS_FILE}: ${what}. Mend the file and call again.`, {
    cause,
  });
}
