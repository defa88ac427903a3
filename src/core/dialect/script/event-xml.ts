import { DecodeError } from '../../bytes/decode-error.ts';
import type { EventRecord } from '../../windows/inquiry.ts';

/**
 * An event as Windows renders it in XML ("Event Schema", winevt): what `wevtutil qe /f:xml` prints and what
 * ToXml() of an EventLogRecord returns. Fields are called as those out of a log file are
 * (formats/evtx/event-field.ts).
 *
 * @throws `DecodeError` where it is no such event
 */
export function readEventXml(xml: string, channel: string): EventRecord {
  if (xml.length > LONGEST_EVENT) fail(`an event of ${xml.length} characters`, 0);
  const root = parse(xml);
  const system = child(root, 'System');
  if (root.name !== 'Event' || system === undefined) fail('expected Event with System', 0);
  const provider = child(system, 'Provider');
  const name = provider?.attributes.get('Name') ?? provider?.attributes.get('EventSourceName');
  const id = Number(textIn(system, 'EventID'));
  const recordId = Number(textIn(system, 'EventRecordID'));
  const at = timeOf(child(system, 'TimeCreated')?.attributes.get('SystemTime'));
  if (
    name === undefined ||
    !Number.isSafeInteger(id) ||
    !Number.isSafeInteger(recordId) ||
    at === undefined
  ) {
    fail('expected Provider, EventID, EventRecordID and TimeCreated', 0);
  }
  const level = Number(textIn(system, 'Level') || Number.NaN);
  const computer = textIn(system, 'Computer');
  const fields = new Fields();
  for (const part of root.children) if (part.name !== 'System') collect(part, fields);
  return {
    channel: textIn(system, 'Channel') || channel,
    provider: name,
    id: id & 0xffff,
    recordId,
    at,
    ...(Number.isNaN(level) ? {} : { level }),
    ...(computer === '' ? {} : { computer }),
    fields: fields.record(),
  };
}

/** A log keeps no event that is longer: 64 KiB of binary XML. */
const LONGEST_EVENT = 1024 * 1024;
const DEEPEST = 32;
const MOST_ELEMENTS = 10_000;

/** `2026-11-27T01:24:58.1234567Z`: to the millisecond, as everywhere. */
function timeOf(text: string | undefined): string | undefined {
  const found = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(text ?? '');
  if (found === null) return undefined;
  const millis = Date.parse(`${found[1]}.${(found[2] ?? '').padEnd(3, '0').slice(0, 3)}Z`);
  return Number.isNaN(millis) ? undefined : new Date(millis).toISOString();
}

class Fields {
  readonly #entries: [name: string, value: string][] = [];
  #unnamed = 0;

  add(name: string | undefined, value: string): void {
    if (!name) this.#unnamed += 1;
    this.#entries.push([name || `param${this.#unnamed}`, value]);
  }

  record(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#entries);
  }
}

function collect(part: Element, fields: Fields): void {
  if (part.name === 'EventData') {
    for (const element of part.children) {
      const name = element.attributes.get('Name');
      if (element.name === 'Data' && element.children.length === 0) fields.add(name, element.text);
      else if (element.name === 'Binary') fields.add('binary', element.text);
      else collectTree(element, name || element.name, fields);
    }
  } else if (part.name !== 'RenderingInfo') {
    // UserData and its relatives: one element of the provider's own, and the fields in that.
    for (const top of part.children) collectTree(top, '', fields);
  }
}

/** The leaves of a tree of elements, named by their path. */
function collectTree(element: Element, path: string, fields: Fields): void {
  for (const [name, value] of element.attributes) {
    if (name === 'xmlns' || name.startsWith('xmlns:') || (name === 'Name' && path === '')) continue;
    fields.add(`${path}@${name}`, value);
  }
  for (const inner of element.children) {
    collectTree(inner, path === '' ? inner.name : `${path}/${inner.name}`, fields);
  }
  // An empty field is one; the provider's own element without anything in it is none.
  const isField = element.text !== '' || (path !== '' && !element.isVoid);
  if (element.children.length === 0 && isField) fields.add(path || element.name, element.text);
}

interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Element[];
  /** Without an end tag: an element that is empty, not one whose value is. */
  readonly isVoid: boolean;
  text: string;
}

function child(element: Element, name: string): Element | undefined {
  return element.children.find((one) => one.name === name);
}

function textIn(element: Element, name: string): string {
  return child(element, name)?.text.trim() ?? '';
}

/** Tags, their attributes, and what stands between: all that a rendered event is made of. */
const TOKEN =
  /<\?[^>]*\?>|<!--.*?-->|<!\[CDATA\[(.*?)\]\]>|<(\/?)([\w.:-]+)((?:\s+[\w.:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/gs;

function parse(xml: string): Element {
  const open: Element[] = [];
  let root: Element | undefined;
  let at = 0;
  let elements = 0;
  for (const token of xml.matchAll(TOKEN)) {
    if (token.index !== at) fail('expected a tag', at);
    at += token[0].length;
    const [, verbatim, slash, name, attributes = '', empty, text] = token;
    const within = open.at(-1);
    if (text !== undefined || verbatim !== undefined) {
      if (within !== undefined) within.text += verbatim ?? resolveEntities(text ?? '', at);
      else if ((text ?? '').trim() !== '') fail('expected nothing beside the event', at);
    } else if (name !== undefined && slash === '/') {
      if (open.pop()?.name !== name) fail(`</${name.slice(0, 64)}> ends nothing`, at);
    } else if (name !== undefined) {
      elements += 1;
      if (open.length >= DEEPEST || elements > MOST_ELEMENTS) fail('more elements than an event has', at);
      const element: Element = {
        name,
        attributes: attributesIn(attributes, at),
        children: [],
        isVoid: empty !== '',
        text: '',
      };
      if (within === undefined && root !== undefined) fail('expected one event', at);
      if (within === undefined) root = element;
      else within.children.push(element);
      if (empty === '') open.push(element);
    }
  }
  if (at !== xml.length || open.length > 0 || root === undefined) fail('the event is not whole', at);
  return root;
}

function attributesIn(text: string, at: number): ReadonlyMap<string, string> {
  const found = text.matchAll(/([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g);
  return new Map(
    [...found].map(([, name = '', one, other]) => [name, resolveEntities(one ?? other ?? '', at)]),
  );
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function resolveEntities(text: string, at: number): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|\w{1,8});/gi, (whole, entity: string) => {
    if (!entity.startsWith('#')) return NAMED[entity] ?? whole;
    const code = /^#x/i.test(entity) ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1));
    if (code > 0x10ffff) fail(`no character has the number ${code}`, at);
    return String.fromCodePoint(code);
  });
}

function fail(message: string, offset: number): never {
  throw new DecodeError('Event Schema', offset, { kind: 'invalid', message });
}
