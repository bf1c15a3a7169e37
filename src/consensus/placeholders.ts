import type { Stage } from '../../schemas/ids.js';
import { STAGES } from '../../schemas/ids.js';
import type { AgentRole } from '../../schemas/settings.js';
import { SpecError } from '../errors.js';
import { rosterOf } from './roster.js';

const PLACEHOLDER = /\$\{([^}\n]{0,100})\}/g;
export const SIMPLE = [
  'SPEC_ID',
  'CONTEXT',
  'PROMPT_VERSION',
  'MODEL_ID',
  'MODEL_RELEASE',
  'REASONING_MODE',
  'PREVIOUS_OUTPUTS',
] as const;
const PREVIOUS = 'PREVIOUS_OUTPUTS.';

/** The placeholders of a prompt, each once, without `${` and `}`. */
export function placeholdersOf(prompt: string): ReadonlySet<string> {
  return new Set([...prompt.matchAll(PLACEHOLDER)].map(([, name = '']) => name));
}

/** Replaces each placeholder once, in one pass: what comes in is never looked at again. */
export function fillIn(prompt: string, value: (name: string) => string): string {
  return prompt.replaceAll(PLACEHOLDER, (_, name: string) => value(name));
}

/** Throws CONFIG_INVALID naming the first placeholder of an agent's prompt that could not be filled. */
export function assertKnown(where: string, stage: Stage, agent: AgentRole, prompt: string): void {
  const roster = rosterOf(stage);
  const earlier = roster.slice(0, roster.indexOf(agent));
  const sources = [...earlier, ...STAGES.slice(0, STAGES.indexOf(stage))];
  const known: readonly string[] = [...SIMPLE, ...sources.map(source => `${PREVIOUS}${source}`)];
  for (const name of placeholdersOf(prompt)) {
    if (known.includes(name)) continue;
    throw new SpecError(
      'CONFIG_INVALID',
      `${where}: the prompt of ${agent} has the placeholder \${${name}}, which nothing fills there. Known: ${known.map(each => `\${${each}}`).join(' ')}.`,
    );
  }
}
