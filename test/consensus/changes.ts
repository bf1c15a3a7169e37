import { AGENT_ROLES } from '../../schemas/settings.js';
import { changed, type Output, plan, positions } from './answers.js';
import type { Run } from './run.js';
import { audit, tasks, validate } from './stages.js';

/** Runs that differ from the clean one of their stage in one place. */

export type Path = readonly (string | number)[];

/** A run, the rules that have to fire, and the status they come to. */
export type Case = readonly [name: string, run: Run, rules: readonly string[], status: string];

export const inPlan = (agent: 'gemini' | 'claude' | 'gpt_pro', path: Path, member: unknown): Run => ({
  outputs: { ...plan, [agent]: changed<Output>(plan[agent], path, member) },
});
export const inTasks = (agent: 'claude' | 'gpt_pro', path: Path, member: unknown): Run => ({
  stage: 'tasks',
  outputs: { ...tasks, [agent]: changed<Output>(tasks[agent], path, member) },
});
export const inValidate = (agent: 'gemini' | 'claude' | 'gpt_pro', path: Path, member: unknown): Run => ({
  stage: 'validate',
  outputs: { ...validate, [agent]: changed<Output>(validate[agent], path, member) },
});
export const inAudit = (agent: 'claude' | 'gpt_pro', path: Path, member: unknown): Run => ({
  stage: 'audit',
  outputs: { ...audit, [agent]: changed<Output>(audit[agent], path, member) },
});

/** The clean plan with one position for all. */
export const everyone = (position: string) =>
  Object.fromEntries(
    AGENT_ROLES.flatMap(agent =>
      agent === 'gpt_codex' ? [] : [[agent, { ...plan[agent], positions: positions(position) }]],
    ),
  );

export const final = (name: string) => ['final_plan', name] as const;

export function stepOf(index: number): unknown {
  const steps = plan.claude['work_breakdown'];
  return Array.isArray(steps) ? steps[index].step : undefined;
}
