import * as z from 'zod';
import { type Parts, partsOf, type Vocabulary } from './consensus-parts.js';
import type { Stage } from './ids.js';
import type { AgentRole } from './settings.js';

type Content = (parts: Parts) => z.ZodRawShape;

const contents: Readonly<Record<Stage, Readonly<Partial<Record<AgentRole, Content>>>>> = {
  plan: {
    gemini: ({ text, texts, list, record, orText, ours, criterion }) => ({
      research_summary: list(record({ topic: text, details: text, cites: ours(texts) })),
      questions: list(orText(record({ id: text, text, requirement_id: ours(criterion.nullable()) }))),
    }),
    claude: ({ text, list, record, orText, ours, criterion, mapping }) => ({
      work_breakdown: list(
        record({
          id: ours(text),
          step: text,
          requirement_ids: ours(list(criterion)),
          rationale: text,
          success_signal: text,
        }),
      ),
      acceptance_mapping: list(mapping),
      risks: list(orText(record({ risk: text, owner: text, mitigation: text }))),
      answers: ours(list(record({ question_id: text, answer: text }))),
    }),
    gpt_pro: ({
      text,
      texts,
      list,
      record,
      orText,
      ours,
      mapping,
      steps,
      dropped,
      resolutions,
      consensus,
    }) => ({
      feasibility_notes: texts,
      missing_items: texts,
      final_plan: record({
        work_breakdown: list(orText(record({ step: text, from: ours(steps), success_signal: ours(text) }))),
        dropped: ours(dropped),
        acceptance_mapping: list(mapping),
        risks: list(orText(record({ risk: text, owner: ours(text), mitigation: ours(text) }))),
        resolutions: ours(resolutions),
        consensus: ours(consensus),
      }),
    }),
  },
  tasks: {
    gemini: ({ text, texts, list, record }) => ({
      surfaces: list(record({ area: text, files: texts, tests: texts, notes: text })),
      dependencies: texts,
      spec_status: list(record({ task_id: text, status: text })),
    }),
    claude: parts => ({
      tasks: parts.list(task(parts, {})),
      acceptance_coverage: parts.texts,
      followups: parts.texts,
    }),
    gpt_pro: parts => ({
      validated_tasks: parts.list(task(parts, { from: parts.ours(parts.steps) })),
      command_plan: parts.texts,
      dropped: parts.ours(parts.dropped),
      resolutions: parts.ours(parts.resolutions),
      consensus: parts.consensus,
    }),
  },
  implement: {
    gemini: ({ text, texts, list, record }) => ({
      code_paths: list(record({ area: text, files: texts, notes: text })),
      recent_changes: texts,
      edge_cases: texts,
      tests: texts,
    }),
    claude: ({ text, list, record }) => ({
      approach: list(record({ task_id: text, summary: text })),
      operations: list(record({ file: text, change_type: text, description: text })),
      validation_plan: list(record({ command: text, purpose: text })),
    }),
    gpt_codex: ({ text, texts, list, record }) => ({
      diff_proposals: list(record({ path: text, change: text, rationale: text, confidence: z.number() })),
      test_commands: texts,
      tool_calls: texts,
      risks: texts,
    }),
    gpt_pro: ({ text, list, record, orText, ours, steps, dropped, resolutions, consensus }) => ({
      checklist: list(record({ step: text, command: text, from: ours(steps) })),
      risks: list(orText(record({ risk: text, mitigation: text }))),
      dropped: ours(dropped),
      resolutions: ours(resolutions),
      consensus,
    }),
  },
  validate: {
    gemini: ({ text, texts, list, record, status }) => ({
      scenarios: list(record({ name: text, status, failures: texts, log: text })),
      evidence: texts,
    }),
    claude: ({ text, texts, list, record, ours, criterion, status }) => ({
      analysis: list(
        record({ requirement: text, requirement_id: ours(criterion.nullable()), status, notes: text }),
      ),
      remediation: texts,
    }),
    gpt_pro: ({ texts, ours, decision, resolutions, consensus }) => ({
      decision,
      next_actions: texts,
      resolutions: ours(resolutions),
      consensus,
    }),
  },
  audit: {
    gemini: ({ text, texts }) => ({
      diff_summary: text,
      telemetry: texts,
      todos: texts,
      compliance_flags: texts,
    }),
    claude: ({ text, texts, list, record, orText, decision }) => ({
      decision,
      evidence: list(record({ name: text, path: text })),
      risks: list(orText(record({ risk: text, mitigation: text }))),
      open_items: texts,
    }),
    gpt_pro: ({ text, texts, list, record, ours, status, decision, resolutions, consensus }) => ({
      checks: list(record({ item: text, status })),
      recommendation: decision,
      conditions: texts,
      resolutions: ours(resolutions),
      consensus,
    }),
  },
  unlock: {
    gemini: ({ text, texts }) => ({ branch_state: text, pending_work: texts, risks: texts }),
    claude: ({ text, texts }) => ({ rationale: text, safeguards: texts, followups: texts }),
    gpt_pro: ({ texts, ours, decision, resolutions, consensus }) => ({
      decision,
      steps: texts,
      resolutions: ours(resolutions),
      consensus,
    }),
  },
};

/**
 * The answer that an agent owes in a stage, as it is asked for: the origin's header and content, positions on the criteria, and
 * ids. Throws RangeError when the agent has no part in the stage.
 */
export function askedShape(stage: Stage, agent: AgentRole, vocabulary: Vocabulary): z.ZodType {
  return answerShape(stage, agent, partsOf(vocabulary), headerOf(agent, vocabulary));
}

const accepted = new Map<string, z.ZodType>();

/** The least that counts as an answer: what only we ask for may be missing. Throws RangeError as above. */
export function acceptedShape(stage: Stage, agent: AgentRole): z.ZodType {
  const key = `${stage} ${agent}`;
  const known =
    accepted.get(key) ?? answerShape(stage, agent, partsOf(undefined), headerOf(agent, undefined));
  accepted.set(key, known);
  return known;
}

function answerShape(stage: Stage, agent: AgentRole, parts: Parts, header: z.ZodRawShape): z.ZodType {
  const content = contents[stage][agent];
  if (content === undefined) throw new RangeError(`${agent} has no part in the ${stage} stage.`);
  return parts.record({ ...header, ...content(parts), positions: parts.ours(parts.positions) });
}

/** What the arbiter owes when it is asked once more, about conflicts alone. `vocabulary`: undefined for the least that counts. */
export function escalationShape(agent: AgentRole, vocabulary: Vocabulary | undefined): z.ZodType {
  const parts = partsOf(vocabulary);
  return parts.record({ ...headerOf(agent, vocabulary), resolutions: parts.resolutions });
}

/** Names of the content of an answer, in the origin's order, without header and positions. */
export function contentFields(stage: Stage, agent: AgentRole): readonly string[] {
  return Object.keys(contents[stage][agent]?.(partsOf(undefined)) ?? {});
}

function task({ text, ours, list, criterion, record }: Parts, more: z.ZodRawShape): z.ZodType {
  return record({
    order: z.number(),
    task_id: text,
    title: text,
    status: text,
    validation_step: text,
    artifact: text,
    notes: text,
    requirement_ids: ours(list(criterion)),
    ...more,
  });
}

/** Wrong values of an answer are named by their own words when it is judged, so that here any text will do. */
function headerOf(agent: AgentRole, vocabulary: Vocabulary | undefined): z.ZodRawShape {
  const { text, ours } = partsOf(vocabulary);
  const is = (value: string | undefined) => (value === undefined ? text : z.enum([value]));
  return {
    stage: is(vocabulary?.stage),
    spec_id: ours(is(vocabulary?.specId)),
    run_id: ours(is(vocabulary?.runId)),
    prompt_version: is(vocabulary?.promptVersion),
    agent: is(vocabulary === undefined ? undefined : agent),
    model: text,
    model_release: text,
    reasoning_mode: text,
  };
}
