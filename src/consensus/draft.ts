import type { Synthesis } from '../../schemas/consensus.js';
import type { BundleFile } from '../evidence/bundle.js';
import { assertedRoles, assertedWords, handedIn } from './asserted.js';
import { type DocumentFacts, planDocument, tasksDocument, titleOf } from './documents.js';
import { filePrefix } from './evidence-files.js';
import { AGGREGATOR } from './roster.js';
import { type StageState, validOutput } from './state.js';

/** The document of an ok verdict as a file of its bundle; undefined where there is none. */
export function draftOf(state: StageState, synthesis: Synthesis): BundleFile | undefined {
  const output = validOutput(state, AGGREGATOR);
  if (synthesis.status !== 'ok' || state.target === null || output === undefined) return undefined;
  const facts = factsOf(state, synthesis);
  const text = state.stage === 'plan' ? planDocument(facts, output) : tasksDocument(facts, output);
  return { name: `${filePrefix(state)}_${state.stage}.md`, bytes: Buffer.from(text) };
}

function factsOf(state: StageState, { consensus, resolutions }: Synthesis): DocumentFacts {
  const spec = state.documents.find(({ name }) => name === 'spec.md')?.text ?? '';
  return {
    specId: state.specId,
    runId: state.runId,
    promptVersion: state.promptVersion,
    title: titleOf(spec, state.specId),
    criteria: state.criteria,
    inputs: state.receipt,
    asserted: assertedWords(assertedRoles(handedIn(state))),
    agreements: consensus.agreements,
    resolutions: resolutions.map(
      ({ requirement_id, chosen, reason }) =>
        `${requirement_id} is ${chosen.replaceAll('_', ' ')}: ${reason}`,
    ),
  };
}
