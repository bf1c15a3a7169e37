import type { TaskStatus } from '../../schemas/inputs/tracker.js';
import type { Finding } from '../../schemas/shared.js';
import type { Rule } from '../rule.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Packet } from './find.js';
import { outline } from './outline.js';

export const MAX_DOCUMENT_BYTES = 1024 * 1024;

interface Skeleton {
  readonly name: 'spec.md' | 'plan.md' | 'tasks.md';
  /** What the first line starts with. */
  readonly title: string;
  readonly sections: readonly string[];
  /** A line that must stand in the document as it is. */
  readonly line?: string;
}

const skeletons: readonly Skeleton[] = [
  { name: 'spec.md', title: '# Spec', sections: ['## Context', '## Objectives'] },
  {
    name: 'plan.md',
    title: '# Plan',
    sections: [
      '## Inputs',
      '## Work Breakdown',
      '## Acceptance Mapping',
      '## Risks & Unknowns',
      '## Consensus & Risks (Multi-AI)',
      '## Exit Criteria (Done)',
    ],
  },
  {
    name: 'tasks.md',
    title: '# Tasks',
    sections: [],
    line: '| Order | Task | Owner | Status | Validation |',
  },
];

export const packetRules = {
  missing: {
    code: 'packet/missing-document',
    severity: 'error',
    title: 'a document of the packet is missing although its stage is due',
    why: 'Later stages read it, and an agent without it makes the content up.',
    fix: 'Write the document; spec.md is due from the start, plan.md once tasks.md exists, all three when the task is In Review or Done.',
  },
  notDue: {
    code: 'packet/not-due',
    severity: 'info',
    title: 'a document does not exist yet, and its stage is not due',
    why: 'It tells how far the packet is; nothing is wrong.',
    fix: 'Nothing to do until the stage is reached.',
  },
  title: {
    code: 'packet/title',
    severity: 'error',
    title: 'the first line is not the title its kind of document starts with',
    why: 'Scripts and people find out by it what the document is.',
    fix: 'Start spec.md with "# Spec", plan.md with "# Plan", tasks.md with "# Tasks".',
  },
  section: {
    code: 'packet/missing-section',
    severity: 'error',
    title: 'a required section heading or table header is missing',
    why: 'The stages read their input from these sections.',
    fix: 'Add the heading exactly as the message names it.',
  },
  unreadable: {
    code: 'packet/unreadable',
    severity: 'error',
    title: 'a document is no UTF-8 text, too large, or leads outside the workspace',
    why: 'What cannot be read cannot be checked.',
    fix: 'Replace it with a UTF-8 text file of at most 1 MiB inside the workspace.',
  },
} as const satisfies Record<string, Rule>;

/** Findings on the skeletons of a packet's documents. `status`: of the spec's tracker row, null when it has none. */
export function lintPacket({ files }: Workspace, packet: Packet, status: TaskStatus | null): Finding[] {
  const finished = status === 'In Review' || status === 'Done';
  const exists = (name: string) => files.info(`${packet.directory}/${name}`).kind !== 'missing';
  return skeletons.flatMap(skeleton => {
    const file = `${packet.directory}/${skeleton.name}`;
    if (exists(skeleton.name)) return lintDocument(skeleton, file, readText(files, file));
    const due =
      skeleton.name === 'spec.md' || finished || (skeleton.name === 'plan.md' && exists('tasks.md'));
    return due
      ? [finding(packetRules.missing, file, 1, `${file} does not exist, and its stage is due.`)]
      : [finding(packetRules.notDue, file, 1, `${file} does not exist yet; its stage is not due.`)];
  });
}

/** What lint would say about a document of that name: sentences, none when its skeleton is whole. PRD.md is free in form. */
export function skeletonFindings(name: string, text: string): readonly string[] {
  const skeleton = skeletons.find(each => each.name === name);
  return skeleton === undefined ? [] : lintDocument(skeleton, name, { text }).map(({ message }) => message);
}

/** The document as text, or the reason why it cannot be read. */
export function readText(files: Workspace['files'], file: string): { text: string } | { problem: string } {
  const info = files.info(file);
  if (info.kind === 'outside') return { problem: `${file} is a link that leads outside the workspace.` };
  if (info.kind !== 'file') return { problem: `${file} is not a file.` };
  if (info.size > MAX_DOCUMENT_BYTES)
    return { problem: `${file} has ${info.size} bytes; the limit is ${MAX_DOCUMENT_BYTES}.` };
  const bytes = files.read(file, MAX_DOCUMENT_BYTES)?.bytes ?? Buffer.alloc(0);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { problem: `${file} is not valid UTF-8.` };
  }
}

function lintDocument(
  skeleton: Skeleton,
  file: string,
  read: { text: string } | { problem: string },
): Finding[] {
  if ('problem' in read) return [finding(packetRules.unreadable, file, 1, read.problem)];
  const { first, lines, lineCount } = outline(read.text);
  const findings: Finding[] = [];
  if (!first.startsWith(skeleton.title))
    findings.push(
      finding(
        packetRules.title,
        file,
        1,
        `The first line should start with "${skeleton.title}".`,
        skeleton.title,
      ),
    );
  const wanted = skeleton.line === undefined ? skeleton.sections : [...skeleton.sections, skeleton.line];
  for (const line of wanted) {
    if (!lines.has(line))
      findings.push(finding(packetRules.section, file, lineCount, `The line "${line}" is missing.`, line));
  }
  return findings;
}

function finding(rule: Rule, file: string, line: number, message: string, fix?: string): Finding {
  return {
    code: rule.code,
    severity: rule.severity,
    file,
    line,
    column: 1,
    message,
    ...(fix === undefined ? {} : { fix }),
  };
}
