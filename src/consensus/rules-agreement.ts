import type { AgentRole } from '../../schemas/settings.js';
import { statements } from './agreements.js';
import type { Draft, Panel, Voice } from './panel.js';
import { allTexts, at, records, text } from './read-output.js';
import { quoted } from './shape-problems.js';

const NO_CONFLICT =
  /^\W*(?:none|n\/?a|nil|no(?: known| open| remaining)? conflicts?(?: found| identified| detected)?)\W*$/i;
const RUN_FACT =
  /\b(gemini|claude|gpt_codex|gpt_pro)\b.{0,40}\b(?:execution failed|timed out|crashed|failed to (?:run|answer|respond)|did not (?:run|answer|respond)|unavailable)\b/i;

interface Statement {
  readonly agent: AgentRole;
  readonly text: string;
}

/** R50 to R52 and R60: what the agents themselves call agreed, disputed and open. */
export function agreementRules(panel: Panel): readonly Draft[] {
  return [
    ...panel.voices.flatMap(declaredBy).flatMap(statement => conflictOf(panel, statement)),
    ...panel.agreements.unverified.map(unsupported),
    ...unanswered(panel),
  ];
}

/** Conflicts of any agent, from every documented place, each once. */
function declaredBy({ agent, answer }: Voice): readonly Statement[] {
  if (answer === undefined) return [];
  return statements(answer.output, 'conflicts').map(conflict => ({ agent, text: conflict }));
}

function conflictOf({ voices }: Panel, { agent, text: conflict }: Statement): readonly Draft[] {
  if (NO_CONFLICT.test(conflict)) return [];
  const named = RUN_FACT.exec(conflict.slice(0, 2_000))?.[1]?.toLowerCase();
  const isFact = voices.some(voice => voice.agent === named && voice.answer === undefined);
  return [
    {
      rule: isFact ? 'R51' : 'R50',
      severity: isFact ? 'info' : 'conflict',
      agents: [agent],
      subject: isFact ? 'run' : 'conflict',
      detail: isFact
        ? `${agent} lists as a conflict that an agent did not answer: ${quoted(conflict)}`
        : `${agent} declares a conflict: ${quoted(conflict)}`,
      how_to_clear: isFact
        ? 'Nothing to do; the missing answer is a finding of its own.'
        : 'Settle it in the spec or the plan, then run the stage again.',
    },
  ];
}

function unsupported(claim: string): Draft {
  return {
    rule: 'R52',
    severity: 'warn',
    agents: ['gpt_pro'],
    subject: 'agreement',
    detail: `The arbiter claims an agreement that no other answer supports: ${quoted(claim)}`,
    how_to_clear: 'Read the other answers; treat the claim as the opinion of the arbiter.',
  };
}

/** Questions of the researcher that neither the synthesizer answers nor the arbiter lists as missing. */
function unanswered({ voices, synthesizer, arbiter }: Panel): readonly Draft[] {
  const researcher = voices.find(({ agent }) => agent === 'gemini')?.answer;
  if (researcher === undefined || synthesizer?.answer === undefined) return [];
  const answered = new Set(
    records(at(synthesizer.answer.output, 'answers'), 'answer')
      .filter(answer => text(answer, 'answer') !== '')
      .map(answer => text(answer, 'question_id')),
  );
  const missing = allTexts(at(arbiter?.answer?.output, 'missing_items')).join('\n');
  return records(at(researcher.output, 'questions'), 'text')
    .map((question, index) => ({
      id: text(question, 'id') || `Q${index + 1}`,
      words: text(question, 'text'),
    }))
    .filter(({ id }) => !answered.has(id) && !missing.includes(id))
    .map(({ id, words }) => ({
      rule: 'R60',
      severity: 'warn',
      agents: ['gemini', 'claude'],
      subject: quoted(id, 60),
      detail: `Nobody answers question ${quoted(id, 60)} of the researcher: ${quoted(words)}`,
      how_to_clear: 'Answer it in spec.md, or have the synthesizer answer it.',
    }));
}
