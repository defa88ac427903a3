import type { Evidence } from '../model/facts.ts';
import { present, unknown } from '../model/observation.ts';
import type { NetworkInterface } from '../model/windows-facts.ts';
import {
  type InquiryContext,
  type KeyValues,
  numberOf,
  provenance,
  type Sought,
  seekIn,
  seekNames,
  seekValues,
  textsOf,
} from './answers.ts';
import type { Inquiry } from './inquiry.ts';

const INTERFACES = 'CurrentControlSet\\Services\\Tcpip\\Parameters\\Interfaces';

/** A machine that has had many network cards keeps a key for each. */
const MOST_INTERFACES = 256;

/** The DNS servers of every interface: set by hand, else what DHCP gives. Two rounds. */
export function* inquireNameServers(context: InquiryContext): Inquiry<Evidence> {
  const [listed] = yield [{ kind: 'subkeys', hive: 'SYSTEM', key: INTERFACES }];
  const interfaces = seekNames(listed ?? { state: 'unknown', at: '', why: 'no-channel' });
  if (interfaces.state !== 'present') {
    return {
      'dns.servers':
        interfaces.state === 'unknown'
          ? unknown(interfaces.why, interfaces.detail)
          : unknown('corrupt', 'no network interface is listed'),
    };
  }
  const ids = interfaces.value.slice(0, MOST_INTERFACES);
  const answers =
    ids.length === 0
      ? []
      : yield ids.map((id) => ({
          kind: 'values' as const,
          hive: 'SYSTEM' as const,
          key: `${INTERFACES}\\${id}`,
        }));
  const found: NetworkInterface[] = [];
  for (const [index, answer] of answers.entries()) {
    const read = interfaceOf(ids[index] ?? '', seekValues(answer));
    if (read.state === 'unknown') return { 'dns.servers': unknown(read.why, read.detail) };
    if (read.state === 'present') found.push(read.value);
  }
  return { 'dns.servers': present(found, provenance(context, 'name-servers', interfaces.at)) };
}

/** What DHCP once gave stays in the registry after somebody set the address by hand, and counts no more. */
function interfaceOf(id: string, key: Sought<KeyValues>): Sought<NetworkInterface> {
  if (key.state !== 'present') return key;
  const texts = (name: string) => seekIn(key, name, textsOf, 'a list of addresses');
  const fixed = texts('NameServer');
  const dhcp = seekIn(key, 'EnableDHCP', numberOf, 'a number');
  const given = texts('DhcpNameServer');
  for (const sought of [fixed, dhcp, given]) if (sought.state === 'unknown') return sought;
  const usesDhcp = !(dhcp.state === 'present' && dhcp.value === 0);
  const byHand = listed(fixed);
  const byDhcp = usesDhcp ? listed(given) : [];
  const addresses = usesDhcp
    ? [...listed(texts('DhcpIPAddress')), ...listed(texts('IPAddress'))]
    : listed(texts('IPAddress'));
  const address = addresses.find((text) => text !== '0.0.0.0');
  return {
    state: 'present',
    at: key.at,
    value: {
      id,
      servers: byHand.length > 0 ? byHand : byDhcp,
      source: byHand.length > 0 ? 'static' : byDhcp.length > 0 ? 'dhcp' : 'none',
      ...(address === undefined ? {} : { address }),
    },
  };
}

function listed(sought: Sought<readonly string[]>): readonly string[] {
  return sought.state === 'present' ? sought.value : [];
}
