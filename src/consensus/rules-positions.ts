import type { Position } from '../../schemas/consensus-parts.js';
import type { AgentRole } from '../../schemas/settings.js';
import { citedPath } from './citations.js';
import type { Draft, Panel, Voice } from './panel.js';
import type { Chosen } from './read-output.js';
import { quoted } from './shape-problems.js';

/** What the agents say about one criterion. */
export interface Matrix {
  readonly id: string;
  readonly stances: readonly {
    readonly agent: AgentRole;
    readonly position: Position;
    readonly because: string;
  }[];
  /** They cannot all be right. */
  readonly split: boolean;
  /** The arbiter's choice, with a reason and a citation that exists. */
  readonly resolved: Chosen | undefined;
}

/** R41 to R44: whether the agents agree on every criterion. */
export function positionRules(panel: Panel): readonly Draft[] {
  const matrices = positionsOf(panel);
  return [
    ...matrices.flatMap(splitOf),
    ...matrices.flatMap(blockedOf),
    ...panel.voices.flatMap(voice => missingOf(panel, voice)),
  ];
}

export function positionsOf({ inputs, voices, choices }: Panel): readonly Matrix[] {
  const cited = new Set(inputs.repository.cited);
  const isGood = ({ reason, cites }: Chosen) =>
    reason !== '' && cites.some(citation => cited.has(citedPath(citation) ?? ''));
  return inputs.criteria.map(({ id }) => {
    const stances = voices.flatMap(({ agent, answer }) =>
      (answer?.stances ?? [])
        .filter(({ requirement_id }) => requirement_id === id)
        .map(({ position, because }) => ({ agent, position, because })),
    );
    const split = isSplit(new Set(stances.map(({ position }) => position)));
    const choice = choices.findLast(({ requirement_id }) => requirement_id === id);
    return { id, stances, split, resolved: choice !== undefined && isGood(choice) ? choice : undefined };
  });
}

function isSplit(positions: ReadonlySet<Position>): boolean {
  const ready = positions.has('ready');
  return (
    (ready && positions.has('blocked')) ||
    (positions.has('out_of_scope') && (ready || positions.has('needs_change')))
  );
}

function splitOf({ id, stances, split, resolved }: Matrix): readonly Draft[] {
  if (!split) return [];
  const sides = stances.map(({ agent, position }) => `${agent} ${position}`).join(', ');
  const agents = [...new Set(stances.map(({ agent }) => agent))];
  if (resolved === undefined)
    return [
      {
        rule: 'R41',
        severity: 'conflict',
        agents,
        subject: quoted(id, 60),
        detail: `The agents do not agree on ${quoted(id, 60)}: ${sides}.`,
        how_to_clear:
          'The arbiter chooses with a reason and cites a file that exists; else a person decides.',
      },
    ];
  return [
    {
      rule: 'R42',
      severity: 'info',
      agents: ['gpt_pro'],
      subject: quoted(id, 60),
      detail: `${sides}. The arbiter chose ${resolved.chosen}: ${quoted(resolved.reason)}`,
      how_to_clear: 'Nothing to do; read the reason and what it cites.',
    },
  ];
}

/** Agreed, or chosen by the arbiter, to be blocked: no conflict, and nothing to go on with. */
function blockedOf({ id, stances, split, resolved }: Matrix): readonly Draft[] {
  const blocking = stances.filter(({ position }) => position === 'blocked');
  const stands = split ? resolved?.chosen === 'blocked' : blocking.length > 0;
  if (!stands) return [];
  return [
    {
      rule: 'R44',
      severity: 'degrade',
      agents: [...new Set(blocking.map(({ agent }) => agent))],
      subject: quoted(id, 60),
      detail: `${quoted(id, 60)} is blocked: ${quoted(blocking[0]?.because ?? resolved?.reason ?? '')}`,
      how_to_clear: 'Remove what blocks the criterion, then run the stage again.',
    },
  ];
}

function missingOf({ inputs }: Panel, { agent, answer }: Voice): readonly Draft[] {
  if (answer === undefined) return [];
  const taken = new Set(answer.stances.map(({ requirement_id }) => requirement_id));
  const open = inputs.criteria.map(({ id }) => id).filter(id => !taken.has(id));
  if (open.length === 0) return [];
  const none = open.length === inputs.criteria.length;
  return [
    {
      rule: 'R43',
      severity: none ? 'degrade' : 'warn',
      agents: [agent],
      subject: none ? 'positions' : quoted(open.join(', '), 60),
      detail: none
        ? `${agent} takes no position on any criterion, so its agreement is not known.`
        : `${agent} takes no position on ${quoted(open.join(', '))}.`,
      how_to_clear: 'Ask the agent for `positions` with one entry for each criterion.',
    },
  ];
}
