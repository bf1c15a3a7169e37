import type { Position } from '../../schemas/consensus-parts.js';
import { POSITIONS } from '../../schemas/consensus-parts.js';
import type { JsonObject } from './extract.js';

/** Readers of answers whose shape was accepted. What is not as asked reads as absent, never as a guess. */

export interface Stance {
  readonly requirement_id: string;
  readonly position: Position;
  readonly because: string;
  readonly cites: readonly string[];
}

export interface Chosen {
  readonly requirement_id: string;
  readonly chosen: Position;
  readonly reason: string;
  readonly cites: readonly string[];
}

/** What lies at a path of names. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const name of path) here = isObject(here) && Object.hasOwn(here, name) ? here[name] : undefined;
  return here;
}

/** The objects of a list; a bare text stands for an object with that text under `name`. */
export function records(value: unknown, name: string): readonly JsonObject[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) => {
    if (typeof item === 'string') return [{ [name]: item }];
    return isObject(item) ? [item] : [];
  });
}

export function text(value: unknown, ...path: readonly string[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' ? found.trim() : '';
}

export function texts(value: unknown, ...path: readonly string[]): readonly string[] {
  const found = at(value, ...path);
  if (!Array.isArray(found)) return [];
  return found.flatMap(item => (typeof item === 'string' && item.trim() !== '' ? [item.trim()] : []));
}

/** Every text below a value: a list of texts, of objects, or one text alone. */
export function allTexts(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value.trim()];
  if (Array.isArray(value)) return value.flatMap(item => wholeText(item));
  return isObject(value) ? wholeText(value) : [];
}

/** One text for one item, whatever it is made of. */
function wholeText(item: unknown): readonly string[] {
  if (typeof item === 'string') return allTexts(item);
  if (!isObject(item)) return [];
  const words = Object.values(item).flatMap(allTexts);
  return words.length === 0 ? [] : [words.join(': ')];
}

export function stancesOf(output: JsonObject): readonly Stance[] {
  return records(at(output, 'positions'), 'because').flatMap(record => {
    const position = positionAt(record, 'position');
    return position === undefined
      ? []
      : [
          {
            requirement_id: text(record, 'requirement_id'),
            position,
            because: text(record, 'because'),
            cites: texts(record, 'cites'),
          },
        ];
  });
}

/** The arbiter's choices between positions, wherever a stage has them. */
export function choicesOf(output: JsonObject): readonly Chosen[] {
  const lists = [at(output, 'resolutions'), at(output, 'final_plan', 'resolutions')];
  return lists
    .flatMap(list => records(list, 'reason'))
    .flatMap(record => {
      const chosen = positionAt(record, 'chosen');
      return chosen === undefined
        ? []
        : [
            {
              requirement_id: text(record, 'requirement_id'),
              chosen,
              reason: text(record, 'reason'),
              cites: texts(record, 'cites'),
            },
          ];
    });
}

function positionAt(record: JsonObject, name: string): Position | undefined {
  return POSITIONS.find(position => position === record[name]);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
