import type { Element, Node } from './xml-tree.ts';

/** Where the text of one field comes from: the same for all instances, one of their values, or several parts. */
export type Place =
  | { readonly kind: 'constant'; readonly text: string }
  | { readonly kind: 'value'; readonly index: number }
  | { readonly kind: 'parts'; readonly nodes: readonly Node[] };

/** [MS-EVEN6] 2.2.13 Event (the Event.xsd of Windows): where the fields of `System` stand, and what stands beside it. */
export interface EventPlan {
  readonly provider: Place | undefined;
  readonly providerGuid: Place | undefined;
  readonly eventSourceName: Place | undefined;
  readonly eventId: Place | undefined;
  readonly qualifiers: Place | undefined;
  readonly version: Place | undefined;
  readonly level: Place | undefined;
  readonly task: Place | undefined;
  readonly opcode: Place | undefined;
  readonly keywords: Place | undefined;
  readonly timeCreated: Place | undefined;
  readonly recordId: Place | undefined;
  readonly activityId: Place | undefined;
  readonly relatedActivityId: Place | undefined;
  readonly processId: Place | undefined;
  readonly threadId: Place | undefined;
  readonly channel: Place | undefined;
  readonly computer: Place | undefined;
  readonly userId: Place | undefined;
  /** EventData, UserData and whatever else is beside System; often one value, which is binary XML. */
  readonly payload: readonly Node[];
}

/** Finds the fields of an event in its nodes. */
export function planEvent(nodes: readonly Node[]): EventPlan {
  const event = elements(nodes).find(({ name }) => name === 'Event');
  const system = event && elements(event.content).find(({ name }) => name === 'System');
  const parts = new Map(system && elements(system.content).map((element) => [element.name, element]));
  const content = (name: string) => placeOf(parts.get(name)?.content);
  const attribute = (name: string, of: string) =>
    placeOf(parts.get(name)?.attributes.find((candidate) => candidate.name === of)?.value);
  return {
    provider: attribute('Provider', 'Name'),
    providerGuid: attribute('Provider', 'Guid'),
    eventSourceName: attribute('Provider', 'EventSourceName'),
    eventId: content('EventID'),
    qualifiers: attribute('EventID', 'Qualifiers'),
    version: content('Version'),
    level: content('Level'),
    task: content('Task'),
    opcode: content('Opcode'),
    keywords: content('Keywords'),
    timeCreated: attribute('TimeCreated', 'SystemTime'),
    recordId: content('EventRecordID'),
    activityId: attribute('Correlation', 'ActivityID'),
    relatedActivityId: attribute('Correlation', 'RelatedActivityID'),
    processId: attribute('Execution', 'ProcessID'),
    threadId: attribute('Execution', 'ThreadID'),
    channel: content('Channel'),
    computer: content('Computer'),
    userId: attribute('Security', 'UserID'),
    payload: event === undefined ? nodes : event.content.filter((node) => node !== system),
  };
}

function elements(nodes: readonly Node[]): Element[] {
  return nodes.filter((node) => node.kind === 'element');
}

function placeOf(nodes: readonly Node[] | undefined): Place | undefined {
  const [only, second] = nodes ?? [];
  if (nodes === undefined || only === undefined) return undefined;
  if (nodes.every((node) => node.kind === 'text')) {
    return { kind: 'constant', text: nodes.map(({ text }) => text).join('') };
  }
  if (second === undefined && only.kind === 'substitution') return { kind: 'value', index: only.index };
  return { kind: 'parts', nodes };
}
