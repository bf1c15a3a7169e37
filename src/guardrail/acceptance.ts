import {
  type Criterion,
  coverageOf,
  isStillOpen,
  MAX_CRITERIA,
  readCriteria,
  readMappings,
} from '../packet/criteria.js';
import { readText } from '../packet/documents.js';
import { type Checked, type Guardrail, required, type Step, some } from './guardrail.js';

const NAME = 'acceptance-mapping';

/** Every acceptance criterion of spec.md has a row with a validation step in the plan's Acceptance Mapping. */
export const acceptanceMapping: Step = { name: NAME, run: checkMapping };

function checkMapping({ workspace: { files }, packet }: Guardrail): Checked {
  const specFile = `${packet.directory}/spec.md`;
  const planFile = `${packet.directory}/plan.md`;
  const spec = readText(files, specFile);
  if ('problem' in spec) return required(NAME, 'failed', spec.problem);
  const criteria = readCriteria(spec.text);
  if (criteria.length === 0)
    return required(
      NAME,
      'not_run',
      `${specFile} has no acceptance criteria, so nothing says when it is done. List them under "## Acceptance Criteria", such as "- R1: ...".`,
    );
  if (criteria.length >= MAX_CRITERIA)
    return required(
      NAME,
      'not_run',
      `${specFile} has ${MAX_CRITERIA} criteria or more, and what is beyond is not read. Split the spec.`,
    );
  const open = criteria.filter(({ text }) => isStillOpen(text));
  if (open.length > 0)
    return required(
      NAME,
      'failed',
      `Still to be written: ${some(placesOf(specFile, open), 5)}. A criterion says what anyone can see to be true or false.`,
    );
  const plan =
    files.info(planFile).kind === 'missing'
      ? { problem: `${planFile} does not exist, so none of the ${criteria.length} criteria is mapped.` }
      : readText(files, planFile);
  if ('problem' in plan)
    return required(
      NAME,
      'failed',
      `${plan.problem} Write it with a table under "## Acceptance Mapping"; spec_plan drafts one.`,
    );
  const { unmapped, unknown } = coverageOf(criteria, readMappings(plan.text));
  const stray = unknown.length === 0 ? '' : ` It names ${some(unknown, 5)}, which the spec does not have.`;
  if (unmapped.length === 0)
    return required(
      NAME,
      'passed',
      `${planFile} maps each of the ${criteria.length} criteria of the spec.${stray}`,
    );
  return required(
    NAME,
    'failed',
    `No row with a validation step (TODO is none) under "## Acceptance Mapping" in ${planFile} covers ${some(placesOf(specFile, unmapped), 5)}.${stray}`,
  );
}

function placesOf(specFile: string, criteria: readonly Criterion[]): readonly string[] {
  return criteria.map(({ id, line }) => `${id} (${specFile}:${line})`);
}
