import type { Draft, Panel } from './panel.js';
import { quoted } from './shape-problems.js';
import { droppedSteps, finalSteps, type ProposedStep, proposedSteps } from './steps.js';
import { overlap, wordsOf } from './words.js';

/** True pairs of the calibration share 0.11 to 0.73 of their words, unrelated ones at most 0.19. */
const SAME_STEP = 0.25;
/** Each is compared with each; what a step is about stands at its beginning. */
const COMPARED = 500;
const RUBBER_STAMP_PERCENT = 90;
const FEWEST_STEPS = 3;

/** R30 to R33: what became of the synthesizer's steps in the hands of the arbiter. */
export function stepRules({ inputs: { stage }, arbiter, synthesizer }: Panel): readonly Draft[] {
  if (arbiter?.answer === undefined || synthesizer?.answer === undefined) return [];
  const proposed = proposedSteps(stage, synthesizer.answer.output);
  if (proposed.length === 0) return [];
  const final = finalSteps(stage, arbiter.answer.output);
  const dropped = new Map(droppedSteps(arbiter.answer.output).map(({ id, reason }) => [id, reason]));
  const says = final.some(({ from }) => from !== undefined);
  const carried = new Set(final.flatMap(({ from = [] }) => from));
  const known = new Set(proposed.map(({ id }) => id));
  const lost = proposed.filter(({ id }) => !carried.has(id) && (dropped.get(id) ?? '') === '');
  return [
    ...(says
      ? lost.map(silentlyDropped)
      : untraceable(
          proposed,
          final.map(({ text }) => text),
        )),
    ...proposed
      .filter(({ id }) => !carried.has(id) && (dropped.get(id) ?? '') !== '')
      .map(step => droppedWithReason(step, dropped.get(step.id) ?? '')),
    ...(says
      ? final.filter(({ from = [] }) => !from.some(id => known.has(id))).map(({ text }) => added(text))
      : []),
    ...rubberStamp(
      proposed,
      final.map(({ text }) => text),
    ),
  ];
}

function silentlyDropped({ id, text }: ProposedStep): Draft {
  return {
    rule: 'R30',
    severity: 'conflict',
    agents: ['claude', 'gpt_pro'],
    subject: quoted(id, 60),
    detail: `The arbiter neither carries step ${quoted(id, 60)} nor says why it is dropped: ${quoted(text)}`,
    how_to_clear: 'Have the arbiter carry the step (`from`) or drop it with a reason (`dropped`).',
  };
}

function droppedWithReason({ id, text }: ProposedStep, reason: string): Draft {
  return {
    rule: 'R31',
    severity: 'info',
    agents: ['claude', 'gpt_pro'],
    subject: quoted(id, 60),
    detail: `Dropped: ${quoted(text, 120)} Reason: ${quoted(reason)}`,
    how_to_clear: 'Nothing to do; read the reason.',
  };
}

/** No final step says where it comes from: words can hint at what is gone, not prove what is there. */
function untraceable(proposed: readonly ProposedStep[], final: readonly string[]): readonly Draft[] {
  const bags = final.map(text => wordsOf(text.slice(0, COMPARED)));
  const gone = proposed.filter(({ text }) => {
    const words = wordsOf(text.slice(0, COMPARED));
    return !bags.some(bag => overlap(words, bag) >= SAME_STEP);
  });
  return [
    {
      rule: 'R30',
      severity: 'degrade',
      agents: ['gpt_pro'],
      subject: 'from',
      detail:
        'No step of the arbiter says which proposed steps it carries, so nobody can tell what was dropped.',
      how_to_clear: 'Have the arbiter fill `from` with the ids of the steps that each of its steps carries.',
    },
    ...gone.map(
      ({ id, text }): Draft => ({
        rule: 'R30',
        severity: 'warn',
        agents: ['claude', 'gpt_pro'],
        subject: quoted(id, 60),
        detail: `By its words, this step is in none of the arbiter's: ${quoted(text)}`,
        how_to_clear: 'Have the arbiter name the step in `from` or in `dropped`.',
      }),
    ),
  ];
}

function added(text: string): Draft {
  return {
    rule: 'R32',
    severity: 'info',
    agents: ['gpt_pro'],
    subject: quoted(text, 60),
    detail: `The arbiter added a step that nobody proposed: ${quoted(text)}`,
    how_to_clear: 'Nothing to do; read the step.',
  };
}

function rubberStamp(proposed: readonly ProposedStep[], final: readonly string[]): readonly Draft[] {
  const own = new Set(proposed.map(({ text }) => text));
  const same = final.filter(text => own.has(text)).length;
  if (final.length < FEWEST_STEPS || same * 100 < final.length * RUBBER_STAMP_PERCENT) return [];
  return [
    {
      rule: 'R33',
      severity: 'info',
      agents: ['gpt_pro'],
      subject: 'work breakdown',
      detail: `${same} of ${final.length} steps of the arbiter repeat the proposal word for word.`,
      how_to_clear: 'Nothing to do; the agreement says little.',
    },
  ];
}
