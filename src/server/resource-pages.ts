import { SpecError } from '../errors.js';
import type { Listed, Page, Resource } from '../resource.js';
import type { Workspace } from '../workspace/workspace.js';

const PAGE = 100;
const MAX_CURSOR = 8192;

export interface ListedResource extends Listed {
  readonly mimeType: string;
}

export interface ResourcePage {
  readonly resources: ListedResource[];
  readonly nextCursor?: string;
}

interface Place {
  /** Which resource of the list, and the `next` of its own paging. */
  readonly index: number;
  readonly from: string | undefined;
}

const START: Place = { index: 0, from: undefined };

/**
 * One page of everything there is, resource by resource in their order; asks no resource for more than the page
 * still holds. What cannot be listed at all now (a document that does not parse) is left out and does not hide the
 * rest; reading it says why. Throws INVALID_ARGUMENT for a cursor that is not ours.
 */
export async function listResources(
  resources: readonly Resource[],
  workspace: Workspace,
  cursor: string | undefined,
): Promise<ResourcePage> {
  let place = cursor === undefined ? START : parseCursor(cursor, resources.length);
  const found: ListedResource[] = [];
  while (found.length < PAGE) {
    const resource = resources[place.index];
    if (!resource) return { resources: found };
    const page = await pageOf(resource, workspace, place.from, PAGE - found.length);
    for (const entry of page.entries) found.push({ ...entry, mimeType: resource.mimeType });
    place = follow(place, page.next);
  }
  return place.index < resources.length
    ? { resources: found, nextCursor: printCursor(place) }
    : { resources: found };
}

async function pageOf(
  resource: Resource,
  workspace: Workspace,
  from: string | undefined,
  limit: number,
): Promise<Page> {
  try {
    return await resource.list(workspace, from, limit);
  } catch (error) {
    if (error instanceof SpecError && from === undefined) return { entries: [] };
    throw error;
  }
}

function follow({ index }: Place, next: string | undefined): Place {
  return next === undefined ? { index: index + 1, from: undefined } : { index, from: next };
}

function printCursor({ index, from }: Place): string {
  return Buffer.from(from === undefined ? `${index}` : `${index}:${from}`).toString('base64url');
}

function parseCursor(cursor: string, count: number): Place {
  const [, index, from] =
    /^(\d{1,3})(?::(.*))?$/su.exec(Buffer.from(cursor.slice(0, MAX_CURSOR), 'base64url').toString()) ?? [];
  if (index === undefined || Number(index) >= count) {
    throw new SpecError('INVALID_ARGUMENT', 'That cursor is not one of this server. List again without one.');
  }
  return { index: Number(index), from };
}
