import * as z from 'zod';
import type { Stage } from '../../schemas/ids.js';
import type { AgentRole, Settings } from '../../schemas/settings.js';
import { SpecError } from '../errors.js';
import type { Workspace } from '../workspace/workspace.js';
import { BUILT_IN_VERSION, builtInPrompt } from './built-in-prompts.js';
import { assertKnown } from './placeholders.js';
import { rosterOf } from './roster.js';

export const MAX_PROMPTS_BYTES = 1024 * 1024;

/** The prompts of one stage, one for each role of its roster. */
export interface StagePrompts {
  readonly version: string;
  /** `workspace`: from its prompts.json, written for the origin's order of documents. */
  readonly source: 'workspace' | 'built-in';
  readonly prompts: Readonly<Partial<Record<AgentRole, string>>>;
}

const AgentPrompt = z.looseObject({ role: z.string().optional(), prompt: z.string().min(1) });
const Entry = z.looseObject({ version: z.string() });

/** The workspace's own prompts where it has any, else the built-in ones. Throws CONFIG_INVALID naming what is wrong. */
export function loadPrompts({ files }: Workspace, settings: Settings, stage: Stage): StagePrompts {
  const path = settings.consensus.prompts;
  const { kind, size } = files.info(path);
  if (kind === 'missing') return builtIn(stage);
  if (kind !== 'file') throw invalid(path, 'it is not a file of this workspace');
  if (size > MAX_PROMPTS_BYTES)
    throw invalid(path, `it has ${size} bytes, and the limit is ${MAX_PROMPTS_BYTES}`);
  const bytes = files.read(path, MAX_PROMPTS_BYTES)?.bytes;
  return bytes === undefined ? builtIn(stage) : ofStage(path, parse(path, bytes), stage);
}

function builtIn(stage: Stage): StagePrompts {
  const prompts = Object.fromEntries(rosterOf(stage).map(role => [role, builtInPrompt(stage, role)]));
  return { version: `${BUILT_IN_VERSION}-${stage}-a`, source: 'built-in', prompts };
}

function parse(path: string, bytes: Buffer): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw invalid(path, `it is not JSON in UTF-8 (${error instanceof Error ? error.message : 'unreadable'})`);
  }
  const object = z.record(z.string(), z.unknown()).safeParse(json);
  if (object.success) return object.data;
  throw invalid(path, 'it is not an object of stages such as "spec-plan"');
}

function ofStage(path: string, file: Readonly<Record<string, unknown>>, stage: Stage): StagePrompts {
  const name = `spec-${stage}`;
  const entry = Entry.safeParse(Object.hasOwn(file, name) ? file[name] : undefined);
  if (!entry.success) throw invalid(path, `it has no "${name}" object with a "version"`);
  const { version, ...agents } = entry.data;
  if (!new RegExp(`^\\d{8}-${stage}-[a-z0-9]{1,16}$`).test(version))
    throw invalid(
      path,
      `"${name}" has the version ${JSON.stringify(version.slice(0, 60))}, and one looks like "20251002-${stage}-a"`,
    );
  assertNoStranger(path, name, stage, agents);
  const prompts = rosterOf(stage).map(role => {
    const agent = AgentPrompt.safeParse(Object.hasOwn(agents, role) ? agents[role] : undefined);
    if (!agent.success) throw invalid(path, `"${name}" has no prompt for the agent ${role}`);
    assertKnown(`${path}, "${name}"`, stage, role, agent.data.prompt);
    return [role, agent.data.prompt];
  });
  return { version, source: 'workspace', prompts: Object.fromEntries(prompts) };
}

/** An agent that would silently not be asked is most likely misspelt. */
function assertNoStranger(path: string, name: string, stage: Stage, agents: Record<string, unknown>): void {
  const known: readonly string[] = rosterOf(stage);
  const stranger = Object.keys(agents).find(
    key => !known.includes(key) && AgentPrompt.safeParse(agents[key]).success,
  );
  if (stranger !== undefined)
    throw invalid(
      path,
      `"${name}" has a prompt for "${stranger.slice(0, 40)}", and the agents of this stage are ${known.join(', ')}`,
    );
}

function invalid(path: string, what: string): SpecError {
  return new SpecError('CONFIG_INVALID', `${path}: ${what}. Mend the file and call again.`);
}
