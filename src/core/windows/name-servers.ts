import type { Evidence } from '../model/facts.ts';
import { present, unknown } from '../model/observation.ts';
import type { NetworkInterface } from '../model/windows-facts.ts';
import { type InquiryContext, provenance, seekNames, seekValues, textsOf } from './answers.ts';
import type { Inquiry, RegistryValue } from './inquiry.ts';

const INTERFACES = 'CurrentControlSet\\Services\\Tcpip\\Parameters\\Interfaces';

/** A machine that has had many network cards keeps a key for each. */
const MOST_INTERFACES = 256;

/** The DNS servers of every interface: set by hand, else what DHCP gave. Two rounds. */
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
  const rows = answers.map(seekValues);
  const blind = rows.find((row) => row.state === 'unknown');
  if (blind?.state === 'unknown') return { 'dns.servers': unknown(blind.why, blind.detail) };
  const found = rows.flatMap((row, index) =>
    row.state === 'present' ? [interfaceOf(ids[index] ?? '', row.value)] : [],
  );
  return { 'dns.servers': present(found, provenance(context, 'name-servers', interfaces.at)) };
}

function interfaceOf(id: string, values: readonly RegistryValue[]): NetworkInterface {
  const texts = (name: string): readonly string[] => {
    const value = values.find((entry) => entry.name.toLowerCase() === name);
    return (value === undefined ? undefined : textsOf(value)) ?? [];
  };
  const fixed = texts('nameserver');
  const given = texts('dhcpnameserver');
  const [address] = [...texts('ipaddress'), ...texts('dhcpipaddress')].filter((text) => text !== '0.0.0.0');
  return {
    id,
    servers: fixed.length > 0 ? fixed : given,
    source: fixed.length > 0 ? 'static' : given.length > 0 ? 'dhcp' : 'none',
    ...(address === undefined ? {} : { address }),
  };
}
