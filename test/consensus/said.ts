import type { Synthesis } from '../../schemas/consensus.js';
import type { Stage } from '../../schemas/ids.js';
import { plan } from './answers.js';
import { verdictOf } from './run.js';
import { audit, implement, tasks, unlock, validate } from './stages.js';

const clean = { plan, tasks, implement, validate, audit, unlock } as const;

/** What a synthesis says that the one of clean answers to the same stage does not: one member a line, without digests. */
export function saidBy(synthesis: Synthesis, stage: Stage = 'plan'): string {
  const usual = membersOf(verdictOf({ stage, outputs: clean[stage] }));
  return [...membersOf(synthesis)]
    .filter(([name, text]) => usual.get(name) !== text)
    .map(([name, text]) => `${name}: ${text}`)
    .join('\n');
}

function membersOf({ findings, agents, inputs_sha256: _, ...rest }: Synthesis): Map<string, string> {
  const members = Object.entries(rest).map(([name, value]) => [name, JSON.stringify(value)] as const);
  const standing = agents.map(({ sha256: __, ...agent }) => JSON.stringify(agent)).join('\n  ');
  const rules = findings.map(({ rule, severity, agents: who, subject, detail, how_to_clear: how }) =>
    [`${rule} ${severity} [${who}] ${subject}`, detail, how].join('\n    '),
  );
  return new Map([...members, ['agents', standing], ['findings', rules.join('\n  ')]]);
}
