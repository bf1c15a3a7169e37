import { isNothing, plainText } from '../tracker/cell-text.js';
import { cellsOf } from '../tracker/cells.js';
import { type VisibleLine, visibleLines } from './outline.js';

/** One thing that a spec promises and a plan has to say how to check. */
export interface Criterion {
  /** As written, such as R1; else, or when an item before it has that id, `AC-<n>` for the n-th item of the list. */
  readonly id: string;
  readonly text: string;
  /** In spec.md, from 1. */
  readonly line: number;
}

/** A row of the table under `## Acceptance Mapping`. */
export interface Mapping {
  /** In plan.md, from 1. */
  readonly line: number;
  readonly requirement: string;
  /** False when its validation step says nothing, or that it is still to be written. */
  readonly checked: boolean;
}

export interface Coverage {
  readonly unmapped: readonly Criterion[];
  /** Ids that the table names and the spec does not have. */
  readonly unknown: readonly string[];
}

/** More would be no document for people; what is beyond is not read. */
export const MAX_CRITERIA = 1000;

const CRITERIA = 'acceptance criteria';
const MAPPING = 'acceptance mapping';
const NOT_PROMISED = /^(non-?goals|out of scope)\b/;

/** An id that an item starts with, perhaps marked up, and what ends it: `R1:`, `**AC-2**`, `[FR3]`. */
const LEADING_ID =
  /^[*_`[(]{0,3}([A-Z]{1,5}-?\d{1,4}(?:\.\d{1,3}){0,2})(?:[*_`\])]{1,3}[:.)]?|[:.)][*_`]{0,3}(?=\s|$)|\s+[-–—](?=\s))\s*/;
const BARE_ID = /^[A-Z]{1,5}-?\d{1,4}(?:\.\d{1,3}){0,2}$/;
const REQUIREMENT = /^(R|AC|FR|NFR|REQ)-?\d/;
const ID_WORD = /(?<![A-Za-z0-9])[A-Z]{1,5}-?\d{1,4}(?:\.\d{1,3}){0,2}(?![A-Za-z0-9])/g;
const ITEM = /^( {0,12})(?:[-*+]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s+)?(\S.*)$/;
/** As the templates of new_spec leave it. */
const STILL_OPEN = /^[*_`[(]{0,3}(?:todo|tbd|fixme)\b/i;
const SHORTEST_QUOTE = 12;
const COMPARED = 400;
const LONGEST_TITLE = 100;

/** Where a reader of the spec is. */
interface Place {
  /** Title of the section, in lower case. */
  readonly section: string;
  /** Indentation of the first item of the list in the section; deeper items belong to the item above them. */
  readonly indent: number | undefined;
  /** Items of the acceptance criteria so far. */
  readonly listed: number;
}

/**
 * The items of the list under `## Acceptance Criteria`, and every other item or table row of the spec that starts with a
 * requirement id. Fenced code and comments are examples. Linear time.
 */
export function readCriteria(spec: string): readonly Criterion[] {
  const found = new Map<string, Criterion>();
  const listed = new Set<string>();
  let place: Place = { section: '', indent: undefined, listed: 0 };
  for (const line of visibleLines(spec)) {
    const [next, criterion] = readLine(place, line);
    const isListed = next.listed > place.listed;
    place = next;
    if (criterion === undefined) continue;
    const id = sameId(criterion.id);
    const isSecond = isListed && listed.has(id) && found.get(id)?.text !== criterion.text;
    const kept = isSecond ? { ...criterion, id: freeId(found, place.listed) } : criterion;
    if (!found.has(sameId(kept.id))) found.set(sameId(kept.id), kept);
    if (isListed) listed.add(id);
    if (found.size >= MAX_CRITERIA) break;
  }
  return [...found.values()];
}

/** Two items of the list with one id are two promises: the later one goes by its position, or the next that is free. */
function freeId(found: ReadonlyMap<string, Criterion>, position: number): string {
  let number = position;
  while (found.has(`AC${number}`)) number++;
  return `AC-${number}`;
}

function readLine(place: Place, line: VisibleLine): [next: Place, criterion?: Criterion | undefined] {
  const section = headingOf(line);
  if (section !== undefined) return [{ ...place, section, indent: undefined }];
  if (NOT_PROMISED.test(place.section)) return [place];
  const item = ITEM.exec(line.text);
  if (item === null || !isTopItem(place, item))
    return [place, criterionOf(place, line, item?.[2] ?? rowText(line.text), false)];
  const indent = place.indent ?? item[1]?.length ?? 0;
  const next = { ...place, indent, listed: place.listed + 1 };
  return [next, criterionOf(next, line, item[2], true)];
}

function isTopItem({ section, indent }: Place, item: RegExpExecArray): boolean {
  const depth = item[1]?.length ?? 0;
  return section === CRITERIA && depth <= (indent ?? depth) + 1;
}

function criterionOf(
  { section, listed }: Place,
  { number: line }: VisibleLine,
  text: string | undefined,
  isListed: boolean,
): Criterion | undefined {
  if (text === undefined) return undefined;
  const id = LEADING_ID.exec(text)?.[1];
  if (id !== undefined && (section === CRITERIA || REQUIREMENT.test(id)))
    return { id, text: withoutId(text), line };
  return isListed ? { id: `AC-${listed}`, text, line } : undefined;
}

/** A table row whose first cell is an id, as an item would say it. */
function rowText(text: string): string | undefined {
  const row = text.trimStart();
  if (!row.startsWith('|')) return undefined;
  const [first = '', second = ''] = cellsOf(row);
  const id = plainText(first);
  return BARE_ID.test(id) ? `${id}: ${plainText(second)}` : undefined;
}

/** The rows of the table under `## Acceptance Mapping`, without header and divider. */
export function readMappings(plan: string): readonly Mapping[] {
  const mappings: Mapping[] = [];
  let section = '';
  let row = 0;
  for (const line of visibleLines(plan)) {
    const heading = headingOf(line);
    if (heading !== undefined) section = heading;
    if (section !== MAPPING || !line.text.trimStart().startsWith('|')) {
      row = 0;
      continue;
    }
    row++;
    if (row <= 2 || mappings.length >= MAX_CRITERIA) continue;
    const [requirement = '', check = ''] = cellsOf(line.text);
    mappings.push({
      line: line.number,
      requirement: plainText(requirement),
      checked: !isNothing(check) && !isStillOpen(plainText(check)),
    });
  }
  return mappings;
}

/** It only says that it is still to be written. */
export function isStillOpen(text: string): boolean {
  return STILL_OPEN.test(text);
}

/** A row covers the criteria whose ids its first cell names, or whose words it repeats from their start. */
export function coverageOf(criteria: readonly Criterion[], mappings: readonly Mapping[]): Coverage {
  const known = new Set(criteria.map(({ id }) => sameId(id)));
  const covered = new Set<string>();
  const quotes: string[] = [];
  const unknown = new Set<string>();
  for (const { requirement, checked } of mappings) {
    const leading = BARE_ID.test(requirement) ? requirement : LEADING_ID.exec(requirement)?.[1];
    if (leading !== undefined && !known.has(sameId(leading))) unknown.add(leading);
    if (!checked) continue;
    for (const [id] of requirement.slice(0, COMPARED).matchAll(ID_WORD)) covered.add(sameId(id));
    quotes.push(plain(withoutId(requirement)));
  }
  const unmapped = criteria.filter(
    ({ id, text }) => !covered.has(sameId(id)) && !isQuoted(plain(text), quotes),
  );
  return { unmapped, unknown: [...unknown] };
}

function isQuoted(criterion: string, quotes: readonly string[]): boolean {
  if (criterion === '') return false;
  return quotes.some(
    quote => criterion === quote || (quote.length >= SHORTEST_QUOTE && criterion.startsWith(quote)),
  );
}

function headingOf({ text }: VisibleLine): string | undefined {
  const title = /^ {0,3}#{1,6}\s+(\S.*)$/.exec(text)?.[1];
  return title
    ?.slice(0, LONGEST_TITLE)
    .replace(/[:#*\s]+$/, '')
    .toLowerCase();
}

/** R1 and R-1 are one id. */
function sameId(id: string): string {
  return id.replace('-', '');
}

function withoutId(text: string): string {
  return text.replace(LEADING_ID, '');
}

/** Without marks, case and the kind of blanks. */
function plain(text: string): string {
  return text
    .slice(0, COMPARED)
    .toLowerCase()
    .replace(/[*_`]/g, '')
    .replace(/\s+/g, ' ')
    .replace(/[.;:]$/, '')
    .trim();
}
