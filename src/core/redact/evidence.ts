import { type Evidence, FACT_NAMES } from '../model/facts.ts';
import type { RelevantEvent } from '../model/windows-facts.ts';
import { maskFields } from './event-fields.ts';
import type { Mask } from './names.ts';

/** What stands under these names belongs to rdpdoctor or to Windows, whoever owns the machine. */
const OURS: ReadonlySet<string> = new Set([
  ...['state', 'answer', 'setBy', 'why', 'gatherer', 'channel', 'provider', 'observedAt', 'where'],
  ...['chosen', 'key', 'action', 'profiles', 'source', 'startType', 'sha1', 'at', 'proves', 'refutes'],
  ...['suite', 'suites', 'version', 'client', 'groups', 'signatureAlgorithm', 'container', 'partitionScheme'],
  ...['reason', 'imageState', 'asked'],
  ...['localPorts', 'imagePath', 'productName', 'installationType', 'displayVersion', 'osBuild', 'keyFile'],
]);

/** The evidence with every name, address and SID masked; run it twice with one mask, since names are learnt on the way. */
export function maskEvidence(evidence: Evidence, mask: Mask): Evidence {
  return Object.fromEntries(
    FACT_NAMES.filter((fact) => evidence[fact] !== undefined).map((fact) => {
      // Its place is a path or URL of the disk, which may be named after anything.
      const volume = fact === 'disk.volume' ? evidence[fact] : undefined;
      if (volume !== undefined && volume.state !== 'unknown') mask.other('disk', volume.from.locator);
      return [fact, maskAt(fact, evidence[fact], mask)];
    }),
  );
}

/** @param key the name under which the value stands */
function maskAt(key: string, value: unknown, mask: Mask): unknown {
  if (OURS.has(key)) return value;
  if (typeof value === 'string') return maskString(key, value, mask);
  if (Array.isArray(value)) return value.map((entry) => maskAt(key, entry, mask));
  if (typeof value !== 'object' || value === null) return value;
  if (isEvent(value)) {
    return { ...value, fields: maskFields(value, mask), locator: mask.text(value.locator) };
  }
  const domain = 'dnsDomain' in value ? value.dnsDomain : 'domain' in value ? value.domain : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (name === 'netbiosDomain' && typeof inner === 'string')
        return [name, mask.shortDomain(inner, typeof domain === 'string' ? domain : undefined)];
      // An observation's value stands for the fact itself, and so does what others saw of it.
      return [name, maskAt(name === 'value' || name === 'others' ? key : name, inner, mask)];
    }),
  );
}

function maskString(key: string, value: string, mask: Mask): string {
  switch (key) {
    case 'computer.name':
    case 'netbiosComputer':
    case 'dnsComputer':
      return mask.host(value);
    case 'domain':
    case 'dnsDomain':
    case 'dnsForest':
      return mask.domain(value);
    case 'objectName':
    case 'account':
      return mask.user(value);
    case 'subject':
    case 'issuer':
      return maskDistinguishedName(value, mask);
    case 'controller':
      return value.replace(/[^\\]+/, (name) => mask.host(name));
    // What Windows Time follows may be no machine: `Local CMOS Clock`.
    case 'server':
    case 'subjectAlternativeNames':
      return HOST_NAME.test(value) ? mask.host(value) : mask.text(value);
    default:
      return mask.text(value);
  }
}

const HOST_NAME = /^(?:\*\.)?[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?$/u;

/** `CN=vm1.corp.example, O=Example`: every value but the country's. */
function maskDistinguishedName(text: string, mask: Mask): string {
  return text.replace(
    /([\w.]+)=((?:[^,+]|[,+](?!\s*[\w.]+=))*)/g,
    (whole, attribute: string, value: string) => {
      if (attribute === 'C' || value === '') return whole;
      return `${attribute}=${attribute === 'CN' && HOST_NAME.test(value) ? mask.host(value) : mask.other('name', value)}`;
    },
  );
}

function isEvent(value: object): value is RelevantEvent {
  return 'fields' in value && 'provider' in value && 'locator' in value;
}
