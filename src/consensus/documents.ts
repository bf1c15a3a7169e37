import * as z from 'zod';
import { inert } from '../inert.js';
import type { Criterion } from '../packet/criteria.js';

/** What a document is made from beside the agreed content. */
export interface DocumentFacts {
  readonly specId: string;
  readonly runId: string;
  readonly promptVersion: string;
  /** What follows "# Spec: " in spec.md. */
  readonly title: string;
  readonly criteria: readonly Criterion[];
  /** Path and hex sha256 of what the agents were shown. */
  readonly inputs: readonly { readonly name: string; readonly path: string; readonly sha256: string }[];
  readonly agreements: readonly string[];
  /** Disagreements and how each was settled. */
  readonly resolutions: readonly string[];
  /** A sentence about answers that the caller handed in; '' when the server asked for all. */
  readonly asserted: string;
}

const Text = z.string().catch('');
const Texts = z.array(z.string()).catch([]);

/** A list entry as an object; older prompts get bare texts, which become the field `name`. */
function entry<Shape extends z.ZodRawShape>(name: string, shape: Shape) {
  return z.preprocess(value => (typeof value === 'string' ? { [name]: value } : value), z.object(shape));
}

const Mapping = z.object({
  requirement_id: Text,
  requirement: Text,
  validation_step: Text,
  artifact: Text,
});
const FinalPlan = z.object({
  work_breakdown: z.array(entry('step', { step: Text, success_signal: Text })).catch([]),
  acceptance_mapping: z.array(Mapping).catch([]),
  risks: z.array(entry('risk', { risk: Text, owner: Text, mitigation: Text })).catch([]),
});
const PlanOutput = z.object({ final_plan: FinalPlan });
const TasksOutput = z.object({
  validated_tasks: z
    .array(
      entry('title', {
        task_id: Text,
        title: Text,
        owner: Text,
        validation_step: Text,
        artifact: Text,
        requirement_ids: Texts,
      }),
    )
    .catch([]),
});

/** plan.md from the arbiter's answer. Throws ZodError for an answer without a final plan. */
export function planDocument(facts: DocumentFacts, output: unknown): string {
  const { work_breakdown, acceptance_mapping, risks } = PlanOutput.parse(output).final_plan;
  const steps = work_breakdown.filter(({ step }) => step.trim() !== '');
  const mappings = acceptance_mapping.map(mapping => ({ ...mapping, requirement: nameOf(facts, mapping) }));
  return document([
    `# Plan: ${line(facts.title)}`,
    '',
    '## Inputs',
    ...inputLines(facts),
    '',
    '## Work Breakdown',
    ...numbered(
      steps.map(({ step, success_signal: signal }) =>
        signal === '' ? step : `${step} (done when: ${signal})`,
      ),
    ),
    '',
    '## Acceptance Mapping',
    '| Requirement (Spec) | Validation Step | Test/Check Artifact |',
    '| --- | --- | --- |',
    ...mappings.map(({ requirement, validation_step: step, artifact }) => row([requirement, step, artifact])),
    '',
    '## Risks & Unknowns',
    ...bullets(risks.map(({ risk, owner, mitigation }) => joined(risk, owner, mitigation))),
    '',
    '## Consensus & Risks (Multi-AI)',
    ...bullets(
      facts.agreements.map(text => `Agreement: ${text}`),
      'Agreement: none was supported by more than one agent.',
    ),
    ...bullets(
      facts.resolutions.map(text => `Disagreement & resolution: ${text}`),
      'Disagreement & resolution: none.',
    ),
    ...(facts.asserted === '' ? [] : [`- ${facts.asserted}`]),
    '',
    '## Exit Criteria (Done)',
    ...bullets(mappings.map(({ requirement, validation_step: step }) => `${requirement}: ${step}`)),
  ]);
}

/** tasks.md from the arbiter's answer; every task starts in the backlog, because nobody has begun it. */
export function tasksDocument(facts: DocumentFacts, output: unknown): string {
  const tasks = TasksOutput.parse(output).validated_tasks;
  return document([
    `# Tasks: ${line(facts.title)}`,
    '',
    '| Order | Task | Owner | Status | Validation |',
    '| --- | --- | --- | --- | --- |',
    ...tasks.map((task, index) =>
      row([
        String(index + 1),
        [task.task_id, task.title].filter(part => part !== '').join(': ') +
          (task.requirement_ids.length > 0 ? ` (${task.requirement_ids.join(', ')})` : ''),
        task.owner === '' ? 'unassigned' : task.owner,
        'Backlog',
        [task.validation_step, task.artifact].filter(part => part !== '').join('; '),
      ]),
    ),
    '',
    `From run ${facts.runId}, prompts ${line(facts.promptVersion)}. ${facts.asserted}`.trim(),
  ]);
}

/** What follows "# Spec: " on the first line, or the id where there is nothing. */
export function titleOf(spec: string, specId: string): string {
  const [first = ''] = spec.replace(/^\uFEFF/, '').split(/\r?\n/, 1);
  return /^# Spec:?\s+(\S.*)$/.exec(first)?.[1]?.trim() ?? specId;
}

function inputLines({ inputs, runId, promptVersion }: DocumentFacts): string[] {
  const spec = inputs.filter(({ name }) => name === 'spec.md');
  const constitution = inputs.filter(({ name }) => name === 'memory/constitution.md');
  const others = inputs.filter(each => !spec.includes(each) && !constitution.includes(each));
  const version = ({ path, sha256 }: DocumentFacts['inputs'][number]) =>
    `${path} (sha256 ${sha256.slice(0, 16)})`;
  return [
    ...spec.map(each => `- Spec: ${version(each)}`),
    ...(constitution.length === 0 ? ['- Constitution: none was shown to the agents'] : []),
    ...constitution.map(each => `- Constitution: ${version(each)}`),
    ...others.map(each => `- ${version(each)}`),
    `- Run: ${runId}, prompts ${line(promptVersion)}`,
  ];
}

function nameOf(
  { criteria }: DocumentFacts,
  { requirement_id: id, requirement }: z.output<typeof Mapping>,
): string {
  const criterion = criteria.find(each => each.id === id);
  if (criterion !== undefined) return `${criterion.id}: ${criterion.text}`;
  return [id, requirement].filter(part => part !== '').join(': ');
}

function joined(risk: string, owner: string, mitigation: string): string {
  return [risk, owner === '' ? '' : `owner: ${owner}`, mitigation === '' ? '' : `mitigation: ${mitigation}`]
    .filter(part => part !== '')
    .join('; ');
}

function numbered(items: readonly string[]): string[] {
  return items.map((item, index) => `${index + 1}. ${line(item)}`);
}

function bullets(items: readonly string[], otherwise = 'None named by the agents.'): string[] {
  return items.length === 0 ? [`- ${otherwise}`] : items.map(item => `- ${line(item)}`);
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(cell => line(cell).replaceAll(/\\?\|/g, '\\|')).join(' | ')} |`;
}

/** Agents' words on one line, where they can be no heading, table, comment or fence of their own. */
function line(text: string): string {
  return inert(text)
    .replace(/\s+/g, ' ')
    .replaceAll('<!--', '&lt;!--')
    .replace(/^[`~]{3,}/, '')
    .trim();
}

function document(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
