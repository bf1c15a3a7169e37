import type { AgentRole } from '../../schemas/settings.js';
import { decisionClass, type StatusClass, statusClass } from './decision.js';
import type { Draft, Panel, Voice } from './panel.js';
import { at, records, text, texts } from './read-output.js';
import { AGGREGATOR } from './roster.js';
import { quoted } from './shape-problems.js';

interface Reported {
  readonly agent: AgentRole;
  /** A scenario, check, criterion or task. */
  readonly subject: string;
  readonly status: string;
  readonly class: StatusClass;
}

/** R40: a decision that holds the stage back, or that what the agents report denies. */
export function decisionRules({ voices }: Panel): readonly Draft[] {
  const decisions = voices.flatMap(decisionsOf);
  const reported = voices.flatMap(reportedBy);
  return [
    ...decisions.flatMap(heldBack),
    ...contradictions(reported),
    ...deniedByReports(decisions, reported),
  ];
}

interface Decision {
  readonly agent: AgentRole;
  readonly text: string;
}

function decisionsOf({ agent, answer }: Voice): readonly Decision[] {
  return ['decision', 'recommendation']
    .map(name => text(answer?.output, name))
    .filter(words => words !== '')
    .map(words => ({ agent, text: words }));
}

function heldBack({ agent, text: words }: Decision): readonly Draft[] {
  const kind = decisionClass(words);
  if (kind === 'go') return [];
  const blocks = kind === 'block';
  return [
    {
      rule: 'R40',
      severity: blocks ? 'conflict' : 'degrade',
      agents: [agent],
      subject: 'decision',
      detail: `${agent} ${blocks ? 'holds the stage back' : 'decides in words that say neither go nor hold'}: ${quoted(words)}`,
      how_to_clear: blocks
        ? 'Do what the decision asks for, then run the stage again.'
        : 'Have the agent answer with approve, hold or reject.',
    },
  ];
}

function reportedBy({ agent, answer }: Voice): readonly Reported[] {
  if (answer === undefined) return [];
  const { output } = answer;
  const lists = [
    ...records(at(output, 'scenarios'), 'name').map(row => {
      const failed = texts(row, 'failures').length > 0;
      return { subject: text(row, 'name'), status: failed ? 'failed' : text(row, 'status') };
    }),
    ...records(at(output, 'analysis'), 'requirement').map(row => ({
      subject: text(row, 'requirement_id') || text(row, 'requirement'),
      status: text(row, 'status'),
    })),
    ...records(at(output, 'checks'), 'item').map(row => ({
      subject: text(row, 'item'),
      status: text(row, 'status'),
    })),
  ];
  return lists.map(row => ({ ...row, agent, class: statusClass(row.status) }));
}

/** One agent says it passed, another that it failed. */
function contradictions(reported: readonly Reported[]): readonly Draft[] {
  const bySubject = new Map<string, Reported[]>();
  for (const row of reported) {
    const key = row.subject.toLowerCase();
    bySubject.set(key, [...(bySubject.get(key) ?? []), row]);
  }
  return [...bySubject.values()].flatMap((rows): readonly Draft[] => {
    const passed = rows.filter(row => row.class === 'pass');
    const failed = rows.filter(row => row.class === 'fail');
    const [first] = failed;
    if (first === undefined || passed.length === 0) return [];
    return [
      {
        rule: 'R40',
        severity: 'conflict',
        agents: [...new Set([...passed, ...failed].map(({ agent }) => agent))],
        subject: quoted(first.subject, 60),
        detail: `${namesOf(passed)} report ${quoted(first.subject, 60)} as passed, ${namesOf(failed)} as failed.`,
        how_to_clear: 'Look at its log; run the check again with the guardrail of the stage.',
      },
    ];
  });
}

/** The arbiter goes on although something failed. */
function deniedByReports(decisions: readonly Decision[], reported: readonly Reported[]): readonly Draft[] {
  const goes = decisions.some(
    ({ agent, text: words }) => agent === AGGREGATOR && decisionClass(words) === 'go',
  );
  const failed = reported.filter(row => row.class === 'fail');
  const [first] = failed;
  if (!goes || first === undefined) return [];
  const subjects = [...new Set(failed.map(({ subject }) => subject))].join(', ');
  return [
    {
      rule: 'R40',
      severity: 'conflict',
      agents: [...new Set<AgentRole>([...failed.map(({ agent }) => agent), AGGREGATOR])],
      subject: 'decision',
      detail: `The arbiter decides to go on, and reported as failed are: ${quoted(subjects)}`,
      how_to_clear: 'Make the failed checks pass, or have the arbiter hold the stage back.',
    },
  ];
}

function namesOf(rows: readonly Reported[]): string {
  return [...new Set(rows.map(({ agent }) => agent))].join(' and ');
}
