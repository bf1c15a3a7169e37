import { plainText } from './cell-text.js';

/** The meaning of a column, whatever its header says exactly. */
export type Role =
  | 'order'
  | 'id'
  | 'title'
  | 'status'
  | 'owners'
  | 'prd'
  | 'branch'
  | 'pr'
  | 'lastValidation'
  | 'evidence'
  | 'notes';

/** The columns of a task table. */
export interface Layout {
  /** Header cells as plain text, made distinct. */
  readonly headers: readonly string[];
  /** The column of each role, -1 when the table has none. */
  readonly roles: Readonly<Record<Role, number>>;
  /** The id column is named after something (Stage, Phase, Task), so its values may repeat. */
  readonly looseIds: boolean;
  /** Exactly the eleven columns of the standard tracker. */
  readonly standard: boolean;
}

export const STANDARD_HEADERS = [
  'Order',
  'Task ID',
  'Title',
  'Status',
  'Owners',
  'PRD',
  'Branch',
  'PR',
  'Last Validation',
  'Evidence',
  'Notes',
] as const;

const IDS = [
  'task id',
  'id',
  'spec id',
  'spec',
  'ticket id',
  'ticket',
  'issue id',
  'issue',
  'key',
  'item id',
];
const LOOSE_IDS = [
  'stage',
  'phase',
  'task',
  'milestone',
  'deliverable',
  'step',
  'item',
  'feature',
  'component',
];

/** Names of each role, lower case, the best first. */
const NAMES: Readonly<Record<Exclude<Role, 'id'>, readonly string[]>> = {
  order: ['order', '#', 'no', 'nr'],
  title: ['title', 'task', 'criterion', 'name', 'summary', 'description', 'deliverable'],
  status: ['status', 'task status', 'current status', 'state'],
  owners: ['owners', 'owner', 'assignee', 'assignees', 'assigned to'],
  prd: ['prd', 'prds', 'prd path'],
  branch: ['branch', 'branches'],
  pr: ['pr', 'prs', 'pull request', 'mr'],
  lastValidation: ['last validation', 'last validated'],
  evidence: ['evidence', 'evidence path', 'evidence paths'],
  notes: ['notes', 'note', 'comments', 'comment', 'remarks'],
};

/** Undefined when these are not the headers of a task table: it has a status-like and an id-like column. */
export function readLayout(rawHeaders: readonly string[]): Layout | undefined {
  const names = rawHeaders.map(headerName);
  const status = columnOf(names, NAMES.status);
  const strict = columnOf(names, IDS);
  const id = strict === -1 ? columnOf(names, LOOSE_IDS) : strict;
  if (status === -1 || id === -1) return undefined;
  const other = (role: Exclude<Role, 'id'>) => columnOf(names, NAMES[role], id);
  return {
    headers: distinct(rawHeaders.map(plainText)),
    roles: {
      order: other('order'),
      id,
      title: other('title'),
      status,
      owners: other('owners'),
      prd: other('prd'),
      branch: other('branch'),
      pr: other('pr'),
      lastValidation: other('lastValidation'),
      evidence: other('evidence'),
      notes: other('notes'),
    },
    looseIds: strict === -1,
    standard:
      names.length === STANDARD_HEADERS.length &&
      STANDARD_HEADERS.every((header, column) => header.toLowerCase() === names[column]),
  };
}

function columnOf(names: readonly string[], wanted: readonly string[], taken = -1): number {
  for (const name of wanted) {
    const column = names.indexOf(name);
    if (column !== -1 && column !== taken) return column;
  }
  return -1;
}

/** Lower case, one blank between words, without a remark in parentheses or after a slash. */
function headerName(raw: string): string {
  const text = plainText(raw).toLowerCase();
  const remark = text.search(/[(/]/);
  return (remark > 0 ? text.slice(0, remark) : text).replace(/[\s_-]+/g, ' ').trim();
}

function distinct(headers: readonly string[]): string[] {
  const used = new Set<string>();
  return headers.map((header, column) => {
    const base = header === '' ? `Column ${column + 1}` : header;
    let name = base;
    for (let copy = 2; used.has(name); copy++) name = `${base} (${copy})`;
    used.add(name);
    return name;
  });
}
