import type { Stage } from '../../schemas/ids.js';
import type { JsonObject } from './extract.js';
import { at, records, text, texts } from './read-output.js';

/** A step that the synthesizer proposes. */
export interface ProposedStep {
  /** Its own, else `S<n>` for the n-th step. */
  readonly id: string;
  readonly text: string;
}

/** A step of the arbiter. */
export interface FinalStep {
  readonly text: string;
  /** Ids of the proposed steps that it carries; undefined when the answer does not say. */
  readonly from: readonly string[] | undefined;
}

export interface DroppedStep {
  readonly id: string;
  readonly reason: string;
}

/** Where the steps of a stage stand; validate, audit and unlock have none. */
const places: Readonly<
  Partial<Record<Stage, { list: string; id: string; text: string; final: readonly string[] }>>
> = {
  plan: { list: 'work_breakdown', id: 'id', text: 'step', final: ['final_plan', 'work_breakdown'] },
  tasks: { list: 'tasks', id: 'task_id', text: 'title', final: ['validated_tasks'] },
  implement: { list: 'approach', id: 'task_id', text: 'summary', final: ['checklist'] },
};

export function proposedSteps(stage: Stage, output: JsonObject | undefined): readonly ProposedStep[] {
  const place = places[stage];
  if (place === undefined || output === undefined) return [];
  return records(at(output, place.list), place.text).map((record, index) => ({
    id: text(record, place.id) || `S${index + 1}`,
    text: text(record, place.text),
  }));
}

export function finalSteps(stage: Stage, output: JsonObject): readonly FinalStep[] {
  const place = places[stage];
  if (place === undefined) return [];
  const name = stage === 'tasks' ? 'title' : 'step';
  return records(at(output, ...place.final), name).map(record => {
    const own = stage === 'tasks' ? [text(record, 'task_id')].filter(id => id !== '') : [];
    const from = [...texts(record, 'from'), ...own];
    return {
      text: text(record, name),
      from: from.length > 0 || Array.isArray(record['from']) ? from : undefined,
    };
  });
}

export function droppedSteps(output: JsonObject): readonly DroppedStep[] {
  const lists = [at(output, 'dropped'), at(output, 'final_plan', 'dropped')];
  return lists
    .flatMap(list => records(list, 'id'))
    .map(record => ({ id: text(record, 'id'), reason: text(record, 'reason') }));
}
