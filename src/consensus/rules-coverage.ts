import type { AgentRole } from '../../schemas/settings.js';
import { coverageOf, type Mapping } from '../packet/criteria.js';
import { statusClass } from './decision.js';
import type { JsonObject } from './extract.js';
import type { Draft, Panel, Voice } from './panel.js';
import { at, records, text, texts } from './read-output.js';
import { quoted } from './shape-problems.js';

export interface CoveredCriterion {
  readonly id: string;
  readonly covered: boolean;
  readonly by: readonly AgentRole[];
}

/** R20 to R24: whether each acceptance criterion is mapped to a check, and by whom. */
export function coverageRules(panel: Panel): readonly Draft[] {
  const { inputs, voices, arbiter, synthesizer } = panel;
  if (inputs.criteria.length === 0) return [noCriteria()];
  const drops = mapsCriteria(panel) ? [...uncovered(panel), ...dropped(panel, synthesizer, arbiter)] : [];
  return [...drops, ...voices.flatMap(unchecked), ...voices.flatMap(voice => unknownIds(panel, voice))];
}

/** Who covers each criterion: by a mapping with a check, or, in a stage without mappings, by a position. */
export function coveredCriteria(panel: Panel): readonly CoveredCriterion[] {
  const covering = panel.voices.map(voice => ({ agent: voice.agent, ids: coveredBy(panel, voice) }));
  return panel.inputs.criteria.map(({ id }) => {
    const by = covering.filter(({ ids }) => ids.has(id)).map(({ agent }) => agent);
    return { id, covered: by.length > 0, by };
  });
}

function mapsCriteria({ inputs: { stage } }: Panel): boolean {
  return stage === 'plan' || stage === 'tasks' || stage === 'validate';
}

function coveredBy(panel: Panel, { answer }: Voice): ReadonlySet<string> {
  if (answer === undefined) return new Set();
  if (!mapsCriteria(panel)) return new Set(answer.stances.map(({ requirement_id }) => requirement_id));
  return coveredIds(panel, answer.output);
}

function coveredIds({ inputs: { criteria } }: Panel, output: JsonObject): ReadonlySet<string> {
  const { unmapped } = coverageOf(placed(criteria), mappingsOf(output));
  const open = new Set(unmapped.map(({ id }) => id));
  return new Set(criteria.map(({ id }) => id).filter(id => !open.has(id)));
}

function placed(criteria: Panel['inputs']['criteria']) {
  return criteria.map(criterion => ({ ...criterion, line: 0 }));
}

/** All that maps a requirement to a check, in any stage, each once. */
function mappingsOf(output: JsonObject): readonly Mapping[] {
  const mappings = new Map<string, Mapping>();
  for (const one of allMappings(output)) {
    mappings.set(`${one.checked} ${one.requirement}`, one);
    if (mappings.size >= MAX_MAPPINGS) break;
  }
  return [...mappings.values()];
}

function allMappings(output: JsonObject): readonly Mapping[] {
  const tables = [at(output, 'acceptance_mapping'), at(output, 'final_plan', 'acceptance_mapping')];
  return [
    ...tables
      .flatMap(table => records(table, 'requirement'))
      .map(row =>
        mapping(text(row, 'requirement_id') || text(row, 'requirement'), text(row, 'validation_step')),
      ),
    ...[at(output, 'tasks'), at(output, 'validated_tasks')]
      .flatMap(list => records(list, 'title'))
      .flatMap(task => texts(task, 'requirement_ids').map(id => mapping(id, text(task, 'validation_step')))),
    ...texts(output, 'acceptance_coverage').map(words => mapping(words, words)),
    ...records(at(output, 'analysis'), 'requirement').map(row =>
      mapping(text(row, 'requirement_id') || text(row, 'requirement'), concluded(text(row, 'status'))),
    ),
  ];
}

/** A criterion whose check did not run is not covered by having been looked at. */
function concluded(status: string): string {
  return statusClass(status) === 'open' ? '' : status;
}

/** Each is compared with every criterion. */
const MAX_MAPPINGS = 2_000;
const NOTHING = /^[\W_]*$|^(?:none|n\/?a|tbd|todo)\.?$/i;

function mapping(requirement: string, check: string): Mapping {
  return { line: 0, requirement, checked: !NOTHING.test(check) };
}

function uncovered(panel: Panel): readonly Draft[] {
  return coveredCriteria(panel)
    .filter(({ covered }) => !covered)
    .map(({ id }) => ({
      rule: 'R20',
      severity: 'degrade',
      agents: [],
      subject: quoted(id, 60),
      detail: `No valid answer maps ${quoted(id, 60)} to a check.`,
      how_to_clear: 'Run the stage again, or make the criterion in spec.md one that can be checked.',
    }));
}

function dropped(panel: Panel, synthesizer: Voice | undefined, arbiter: Voice | undefined): readonly Draft[] {
  if (panel.inputs.stage === 'validate' || arbiter?.answer === undefined || synthesizer?.answer === undefined)
    return [];
  const kept = coveredBy(panel, arbiter);
  return [...coveredBy(panel, synthesizer)]
    .filter(id => !kept.has(id))
    .map(id => ({
      rule: 'R22',
      severity: 'conflict',
      agents: ['claude', 'gpt_pro'],
      subject: quoted(id, 60),
      detail: `claude maps ${quoted(id, 60)} to a check, the arbiter's result does not.`,
      how_to_clear:
        'Have the arbiter map the criterion, or take it out of the acceptance criteria of spec.md.',
    }));
}

function unchecked({ agent, answer }: Voice): readonly Draft[] {
  const open = answer === undefined ? [] : mappingsOf(answer.output).filter(({ checked }) => !checked);
  if (open.length === 0) return [];
  const names = open.map(({ requirement }) => quoted(requirement, 60)).join(', ');
  return [
    {
      rule: 'R21',
      severity: 'warn',
      agents: [agent],
      subject: quoted(names, 60),
      detail: `${agent} names no check that came to an end for ${quoted(names)}.`,
      how_to_clear: 'Name the command, test or review that shows the criterion is met.',
    },
  ];
}

function unknownIds({ inputs: { criteria } }: Panel, { agent, answer }: Voice): readonly Draft[] {
  if (answer === undefined) return [];
  const known = new Set(criteria.map(({ id }) => id));
  const mapped = coverageOf(placed(criteria), mappingsOf(answer.output)).unknown;
  const taken = answer.stances.map(({ requirement_id }) => requirement_id).filter(id => !known.has(id));
  const names = [...new Set([...mapped, ...taken])].join(', ');
  if (names === '') return [];
  return [
    {
      rule: 'R23',
      severity: 'warn',
      agents: [agent],
      subject: quoted(names, 60),
      detail: `${agent} speaks of what is no acceptance criterion of spec.md: ${quoted(names)}`,
      how_to_clear: 'Add the criterion to spec.md, or have the agent use the ids it was given.',
    },
  ];
}

function noCriteria(): Draft {
  return {
    rule: 'R24',
    severity: 'degrade',
    agents: [],
    subject: 'spec.md',
    detail: 'spec.md has no acceptance criteria, so nothing can be shown to be covered.',
    how_to_clear: 'List them under "## Acceptance Criteria" in spec.md.',
  };
}
