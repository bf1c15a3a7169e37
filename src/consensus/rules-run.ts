import type { AgentRole } from '../../schemas/settings.js';
import { assertedWords } from './asserted.js';
import type { Draft, Panel, StoredAnswer, Voice } from './panel.js';
import { quoted } from './shape-problems.js';

/** Fewest answers that count, the arbiter's among them. */
export const MIN_QUORUM = 2;

export interface Quorum {
  readonly valid: readonly AgentRole[];
  readonly ungrounded: readonly AgentRole[];
  readonly met: boolean;
  /** Who answered: a provider, or a model that a client asserts. */
  readonly providers: readonly string[];
}

/** R70 to R75: whether the run as a whole can carry a verdict. */
export function runRules(panel: Panel): readonly Draft[] {
  const one = onlyOneMind(panel);
  return [
    ...one,
    ...tooFew(panel),
    ...offline(panel),
    ...cut(panel),
    ...stopped(panel),
    ...(one.length > 0 ? [] : handedIn(panel)),
  ];
}

export function quorumOf({ voices, arbiter }: Panel): Quorum {
  const valid = voices.filter(({ answer }) => answer !== undefined);
  const grounded = valid.filter(voice => voice.grounded);
  return {
    valid: agentsOf(valid),
    ungrounded: agentsOf(valid.filter(voice => !voice.grounded)),
    met: grounded.length >= MIN_QUORUM && arbiter?.answer !== undefined,
    providers: [
      ...new Set(valid.flatMap(({ stored }) => (stored === undefined ? [] : [mindOf(stored)]))),
    ].sort(),
  };
}

/** Two answers of one provider are one opinion; of a client we only know what model it says it used. */
function mindOf({ evidence: { provenance, self_reported } }: StoredAnswer): string {
  if (provenance.source !== 'client') return quoted(provenance.provider, 120);
  const model = (provenance.model_served ?? self_reported.model ?? '').trim().toLowerCase();
  return `client ${quoted(model, 100) || 'unknown'}`;
}

function agentsOf(voices: readonly Voice[]): readonly AgentRole[] {
  return voices.map(({ agent }) => agent);
}

function onlyOneMind(panel: Panel): readonly Draft[] {
  const { valid, providers } = quorumOf(panel);
  const [only] = providers;
  if (valid.length < 2 || only === undefined || providers.length > 1) return [];
  const asserted = only.startsWith('client ');
  return [
    {
      rule: 'R70',
      severity: asserted ? 'degrade' : 'warn',
      agents: valid,
      subject: only,
      detail: asserted
        ? `One model is said to have played every role (${only}): there is no second opinion.`
        : `All answers come from one provider (${only}): they count as one opinion.`,
      how_to_clear: asserted
        ? 'Answer each role with another model, and say which in `model`.'
        : 'Configure another provider for one of the agents.',
    },
  ];
}

function tooFew(panel: Panel): readonly Draft[] {
  const { valid, ungrounded, met } = quorumOf(panel);
  if (met) return [];
  const arbiter = panel.arbiter?.answer === undefined ? ' The arbiter is not among them.' : '';
  return [
    {
      rule: 'R71',
      severity: 'degrade',
      agents: panel.voices
        .map(({ agent }) => agent)
        .filter(agent => !valid.includes(agent) || ungrounded.includes(agent)),
      subject: 'quorum',
      detail: `${valid.length - ungrounded.length} answers count; ${MIN_QUORUM} are needed, the arbiter's among them.${arbiter}`,
      how_to_clear: 'Clear the findings on the agents that do not count, then run the stage again.',
    },
  ];
}

function offline({ voices }: Panel): readonly Draft[] {
  const canned = voices.filter(({ stored }) => stored?.evidence.provenance.source === 'fixture');
  if (canned.length === 0) return [];
  return [
    {
      rule: 'R72',
      severity: 'degrade',
      agents: agentsOf(canned),
      subject: 'fixture',
      detail: 'Answers of this run are canned; no agent gave them.',
      how_to_clear: 'Run the stage with agents.',
    },
  ];
}

function cut({ inputs: { truncated, truncated_by_provider } }: Panel): readonly Draft[] {
  const documents = truncated.map((name): Draft => {
    const spec = name === 'spec.md';
    return {
      rule: 'R73',
      severity: spec ? 'degrade' : 'warn',
      agents: [],
      subject: quoted(name, 60),
      detail: `The agents saw only a part of ${quoted(name, 60)}.`,
      how_to_clear: 'Shorten the document, or raise consensus.context_tokens.',
    };
  });
  const prompts = truncated_by_provider.map(
    (agent): Draft => ({
      rule: 'R73',
      severity: 'degrade',
      agents: [agent],
      subject: agent,
      detail: `The provider of ${agent} counted clearly fewer tokens than were sent: it cut the prompt.`,
      how_to_clear: 'Raise the context length of the model, or take another one.',
    }),
  );
  return [...documents, ...prompts];
}

/** Several models are named, and nothing shows that they gave these answers. */
function handedIn({ voices }: Panel): readonly Draft[] {
  const asserted = voices.filter(
    ({ answer, stored }) => answer !== undefined && stored?.evidence.provenance.source === 'client',
  );
  if (asserted.length === 0) return [];
  return [
    {
      rule: 'R75',
      severity: 'warn',
      agents: agentsOf(asserted),
      subject: 'client',
      detail: assertedWords(agentsOf(asserted)),
      how_to_clear: 'Have the server ask these agents (mode http or cli), or let a person judge the answers.',
    },
  ];
}

function stopped({ inputs: { budget_stop } }: Panel): readonly Draft[] {
  if (budget_stop === null) return [];
  return [
    {
      rule: 'R74',
      severity: 'degrade',
      agents: [],
      subject: budget_stop,
      detail: `The budget for ${budget_stop} ran out before all agents were asked.`,
      how_to_clear: 'Raise the budget of the stage in spec-kit.toml, or ask cheaper models.',
    },
  ];
}
