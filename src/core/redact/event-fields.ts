import { EVENTS } from '../knowledge/events.ts';
import type { RelevantEvent } from '../model/windows-facts.ts';
import type { Mask } from './names.ts';

type FieldKind = 'user' | 'host' | 'domain' | 'text';

/** Names without a meaning of their own, by their place: `param1`, `Param3`, `EventXML/Param2`. */
const POSITIONAL = /(?:^|\/)param(\d+)$/i;

/** Numbers, statuses, GUIDs, message tokens: they name nobody. */
const PLAIN = /^(?:0x[0-9a-f]+|[\d.,+-]+|%%\d+|\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?)$/i;

/** The fields of an event with every account, machine and domain in them masked. */
export function maskFields(event: RelevantEvent, mask: Mask): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(event.fields).map(([name, value]) => [
      name,
      PLAIN.test(value.trim()) ? mask.text(value) : maskField(kindOf(event, name), value, mask),
    ]),
  );
}

function maskField(kind: FieldKind, value: string, mask: Mask): string {
  if (kind === 'text') return mask.text(value);
  // `\\dc1.corp.example`, `TERMSRV/vm1.corp.example`, `host/vm1`
  const [, prefix = '', name = ''] = /^(\\\\|[A-Za-z]+\/)?(.*)$/s.exec(value) ?? [];
  const isName = /^[^\s:;,/]+$|^[\p{L}\p{N} ._'-]{1,64}$/u.test(name);
  return isName ? prefix + mask[kind](name) : mask.text(value);
}

/** What a field holds, by its name; where it has none of its own, by what the tables say of its place. */
function kindOf(event: RelevantEvent, field: string): FieldKind {
  const place = POSITIONAL.exec(field)?.[1];
  if (place === undefined) return kindOfName(event, field);
  const row = EVENTS.find(
    ({ provider, id }) => id === event.id && provider.toLowerCase() === event.provider.toLowerCase(),
  );
  const hint = row?.fields[Number(place) - 1]?.replace(/^param\d+ /i, '');
  return hint === undefined ? 'text' : kindOfName(event, hint);
}

/** Kerberos names the service by its account: `VM1$`, `krbtgt`. */
const KERBEROS: readonly number[] = [4768, 4769, 4770, 4771];

function kindOfName(event: RelevantEvent, field: string): FieldKind {
  const name = field.replace(/^.*\//, '');
  if (name === 'ServiceName') return KERBEROS.includes(event.id) ? 'user' : 'text';
  if (/process|package|privilege|rule|control|spn|sid$|address|port|type/i.test(name)) return 'text';
  if (/domain|realm/i.test(name)) return 'domain';
  if (/user|account|member|principal/i.test(name)) return 'user';
  if (/workstation|computer|server|host|machine|controller|client ?name|targetname|channelname/i.test(name))
    return 'host';
  return 'text';
}
