import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';
import { expect, test } from 'vitest';
import { cellAt } from '../../src/tracker/cells.js';
import { readLayout } from '../../src/tracker/columns.js';
import { scanTracker } from '../../src/tracker/scan.js';

/** Tables as lists of rows of raw cells, the header first. */
type Tables = string[][][];

function ours(markdown: string): Tables {
  const tables: Tables = [];
  scanTracker(Buffer.from(markdown), {
    table: ({ layout }) => tables.push([[...layout.headers]]),
    row: (table, { text }, cells) =>
      tables[table.number]?.push(
        Array.from({ length: cells.count }, (_, column) => cellAt(text, cells, column)),
      ),
  });
  return tables;
}

type Root = ReturnType<typeof fromMarkdown>;
type Node = Root | Root['children'][number];

function reference(markdown: string): Tables {
  const root = fromMarkdown(markdown, {
    extensions: [gfmTable()],
    mdastExtensions: [gfmTableFromMarkdown()],
  });
  const tables: Tables = [];
  const visit = (node: Node) => {
    if (node.type === 'table') {
      const rows = node.children.map(row => row.children.map(cell => rawCell(markdown, cell)));
      if (readLayout(rows[0] ?? []) !== undefined) tables.push(rows);
    } else if (node.type === 'root' || node.type === 'list' || node.type === 'listItem') {
      for (const child of node.children) visit(child);
    }
  };
  visit(root);
  return tables;
}

interface Positioned {
  readonly position?:
    | { readonly start: { readonly offset?: number }; readonly end: { readonly offset?: number } }
    | undefined;
}

function rawCell(markdown: string, { position }: Positioned): string {
  const source = markdown.slice(position?.start.offset, position?.end.offset);
  const inner = (source.startsWith('|') ? source.slice(1) : source).replace(/[ \t]+$/, '');
  return inner.replace(/(?<!\\)((?:\\\\)*)\|$/, '$1').replace(/^[ \t]+|[ \t]+$/g, '');
}

const cell = fc.constantFrom(
  'T1',
  'Done',
  'a b',
  '',
  'x\\|y',
  '`a\\|b`',
  '`a|b`',
  'c\\\\',
  '-',
  '*e*',
  'é→',
  '\\',
  '1.',
  '# h',
);
const row = fc
  .record({
    cells: fc.array(cell, { minLength: 1, maxLength: 4 }),
    lead: fc.constantFrom('|', '| ', '', '  |', '|\t'),
    tail: fc.constantFrom('|', ' |', '', ' |  '),
    between: fc.constantFrom(' | ', '|', '\t| '),
  })
  .map(({ cells, lead, tail, between }) => lead + cells.join(between) + tail);
const header = fc.constantFrom(
  '| ID | Status |',
  'ID | Status',
  '| ID | Status | Notes |',
  '|Task ID|Title|Status|',
  '| Stage | Status |',
  '| A | B |',
);
const delimiter = fc.constantFrom(
  '| - | - |',
  '|---|:-:|',
  '-- | --',
  '|-|-|-|',
  '| --- | ---: | :--- |',
  '--|:-',
  '| - | -',
  '|--|-- x|',
);
const table = fc
  .tuple(header, delimiter, fc.array(row, { maxLength: 3 }))
  .map(([head, line, rows]) => [head, line, ...rows].join('\n'));
const other = fc.constantFrom(
  '',
  '',
  'text',
  '# heading',
  '---',
  '***',
  '```',
  '```js',
  '~~~',
  '````',
  '<!-- note -->',
  '<!--',
  '-->',
  '<div>',
  '</div>',
  '<pre>',
  'end</pre>',
  '> quote',
  '> | ID | Status |',
  '- item',
  '1) item',
  '* item',
  '===',
  '#hash',
  '<b>x</b>',
);
const indent = fc.constantFrom('', '', '', ' ', '  ', '   ', '    ', '\t', '      ');
const part = fc
  .tuple(indent, fc.oneof(table, other, row, header, delimiter))
  .map(([space, text]) => (space.length < 2 && space !== '\t' ? text : `${text.replace(/^/gm, space)}\n`));
const document = fc
  .tuple(fc.array(part, { minLength: 1, maxLength: 7 }), fc.constantFrom('\n', '\n', '\r\n', '\r'))
  .map(([parts, end]) => parts.join('\n').replaceAll('\n', end));

/**
 * Where the reference parser errs by CommonMark, so that agreement says nothing: it takes an empty or numbered list item
 * after indented code for text (the generator makes no such numbers, and this drops empty items), and a line after an
 * indented table in a list item for a part of it (the generator puts a blank line there). Neither side is compared on raw
 * HTML of CommonMark's kind 7, a lone inline tag, which our scanner takes for text.
 */
const emptyItem = /^[ \t>]*(?:[-+*]|\d+[.)])[ \t]*$/m;

test('finds the tables, rows and cells that the reference parser finds', () => {
  fc.assert(
    fc.property(document, markdown => {
      fc.pre(!emptyItem.test(markdown.replaceAll('\r', '\n')));
      expect(ours(markdown)).toEqual(reference(markdown));
    }),
    { numRuns: 2000 },
  );
});
