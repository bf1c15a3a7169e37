const DEEPEST = 256;

export interface XmlElement {
  readonly name: string;
  /** Name of the element around it; '' for the root. */
  readonly parent: string;
  readonly attributes: ReadonlyMap<string, string>;
}

export interface XmlVisitor {
  open(element: XmlElement): void;
  close(name: string): void;
}

interface Scan {
  readonly text: string;
  readonly visitor: XmlVisitor;
  readonly stack: string[];
  /** How many elements have no element around them. */
  roots: number;
  at: number;
}

/**
 * Walks the elements of an XML document in one pass. No entity is expanded, no DTD is accepted, text is not kept. Returns
 * what is wrong with the document; undefined when it is complete.
 */
export function scanXml(text: string, visitor: XmlVisitor): string | undefined {
  const scan: Scan = { text, visitor, stack: [], roots: 0, at: text.startsWith('\uFEFF') ? 1 : 0 };
  while (scan.at < text.length) {
    const problem = toMarkup(scan) ?? (scan.at < text.length ? markup(scan) : undefined);
    if (problem !== undefined) return problem;
  }
  if (scan.stack.length > 0) return `it ends inside <${scan.stack.at(-1)}>`;
  return scan.roots === 1 ? undefined : 'it is not one XML document';
}

/** Goes to the next `<`, or to the end. Only blanks may lie outside the root. */
function toMarkup(scan: Scan): string | undefined {
  const { text, at, stack } = scan;
  const next = text.indexOf('<', at);
  scan.at = next === -1 ? text.length : next;
  return stack.length === 0 && !isBlank(text, at, scan.at) ? 'it is not XML' : undefined;
}

function isBlank(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (text.charCodeAt(at) > 0x20) return false;
  return true;
}

function markup(scan: Scan): string | undefined {
  const { text, at } = scan;
  if (text.startsWith('<?', at)) return skipTo(scan, '?>');
  if (text.startsWith('<!--', at)) return skipTo(scan, '-->');
  if (text.startsWith('<![CDATA[', at)) return skipTo(scan, ']]>');
  if (text.startsWith('<!', at)) return 'it has a document type, which is not read';
  return text.startsWith('</', at) ? closing(scan) : opening(scan);
}

function skipTo(scan: Scan, mark: string): string | undefined {
  const end = scan.text.indexOf(mark, scan.at + 2);
  if (end === -1) return 'it ends in the middle';
  scan.at = end + mark.length;
  return undefined;
}

function closing(scan: Scan): string | undefined {
  const [whole = '', name = ''] = sticky(/<\/([^\s<>/]{1,256})\s*>/y, scan);
  if (whole === '' || scan.stack.pop() !== name) return 'its tags do not match';
  scan.at += whole.length;
  scan.visitor.close(name);
  return undefined;
}

function opening(scan: Scan): string | undefined {
  const [start = '', name = ''] = sticky(/<([A-Za-z_][^\s<>/="']{0,255})/y, scan);
  if (start === '') return 'its tags are malformed';
  scan.at += start.length;
  const attributes = new Map<string, string>();
  for (;;) {
    const [whole = '', key = '', double, single] = sticky(
      /\s+([^\s<>/="']{1,256})\s*=\s*(?:"([^"]*)"|'([^']*)')/y,
      scan,
    );
    if (whole === '') break;
    attributes.set(key, double ?? single ?? '');
    scan.at += whole.length;
  }
  const [end = ''] = sticky(/\s*\/?>/y, scan);
  if (end === '') return 'its tags are malformed';
  scan.at += end.length;
  return enter(scan, { name, parent: scan.stack.at(-1) ?? '', attributes }, end.endsWith('/>'));
}

function enter(scan: Scan, element: XmlElement, empty: boolean): string | undefined {
  if (scan.stack.length === 0) scan.roots++;
  if (scan.roots > 1) return 'it is not one XML document';
  scan.visitor.open(element);
  if (empty) {
    scan.visitor.close(element.name);
    return undefined;
  }
  scan.stack.push(element.name);
  return scan.stack.length > DEEPEST ? 'its elements lie too deep in each other' : undefined;
}

function sticky(pattern: RegExp, { text, at }: Scan): readonly (string | undefined)[] {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? [];
}
