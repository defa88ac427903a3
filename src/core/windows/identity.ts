import { tryDecode } from '../bytes/decode-error.ts';
import { Reader } from '../bytes/reader.ts';
import { readSid } from '../bytes/sid.ts';
import { decodeUtf16le } from '../bytes/utf16.ts';
import type { Evidence } from '../model/facts.ts';
import { type Observation, present } from '../model/observation.ts';
import type { DomainMembership } from '../model/windows-facts.ts';
import {
  askAll,
  type InquiryContext,
  type Named,
  observe,
  provenance,
  type Sought,
  seek,
  seekBytes,
  seekDecimal,
  seekNames,
  seekNumber,
  seekText,
} from './answers.ts';
import type { AnswerValue, Inquiry, Question } from './inquiry.ts';

const VERSION = 'Microsoft\\Windows NT\\CurrentVersion';
const TCPIP = 'CurrentControlSet\\Services\\Tcpip\\Parameters';

const version = (name: string): Question => ({ kind: 'value', hive: 'SOFTWARE', key: VERSION, name });
const system = (key: string, name: string): Question => ({ kind: 'value', hive: 'SYSTEM', key, name });

/** Which Windows this is, what it is called, and whether it belongs to a domain. */
export function* inquireIdentity(context: InquiryContext): Inquiry<Evidence> {
  const answers = yield* askAll({
    productName: version('ProductName'),
    build: version('CurrentBuildNumber'),
    installationType: version('InstallationType'),
    revision: version('UBR'),
    displayVersion: version('DisplayVersion'),
    name: system('CurrentControlSet\\Control\\ComputerName\\ComputerName', 'ComputerName'),
    domain: system(TCPIP, 'Domain'),
    /** Kept by the LSA while the machine is a member. */
    dnsDomain: { kind: 'value', hive: 'SECURITY', key: 'Policy\\PolDnDDN', name: '' },
    netbiosDomain: { kind: 'value', hive: 'SECURITY', key: 'Policy\\PolPrDmN', name: '' },
    domainSid: { kind: 'value', hive: 'SECURITY', key: 'Policy\\PolPrDmS', name: '' },
    accountDomainSid: { kind: 'value', hive: 'SECURITY', key: 'Policy\\PolAcDmS', name: '' },
    entra: { kind: 'subkeys', hive: 'SYSTEM', key: 'CurrentControlSet\\Control\\CloudDomainJoin\\JoinInfo' },
  });
  const build = seekDecimal(answers.build);
  const product = seekText(answers.productName);
  const installation = seekText(answers.installationType);
  const revision = seekNumber(answers.revision);
  const display = seekText(answers.displayVersion);
  return {
    'os.version': observe(
      context,
      'identity',
      build.state === 'present'
        ? {
            ...build,
            value: {
              productName: foundIn(product) ?? 'Windows',
              build: build.value,
              // Vista and Server 2008 do not say.
              installationType:
                foundIn(installation) ?? (/server/i.test(foundIn(product) ?? '') ? 'Server' : 'Client'),
              ...(revision.state === 'present' ? { revision: revision.value } : {}),
              ...(display.state === 'present' ? { displayVersion: display.value } : {}),
            },
          }
        : build,
    ),
    'computer.name': observe(context, 'identity', seekText(answers.name)),
    'domain.membership': observeMembership(context, answers),
    'machine.sid': observe(context, 'identity', seek(answers.accountDomainSid, sidOf, 'a SID')),
  };
}

/**
 * A member holds its domain's SID in the LSA policy. The DNS suffix alone proves nothing (anybody may
 * set one), so it only stands in where SECURITY could not be read.
 */
function observeMembership(
  context: InquiryContext,
  answers: Named<'domain' | 'dnsDomain' | 'netbiosDomain' | 'domainSid' | 'entra'>,
): Observation<DomainMembership> {
  const suffix = seekText(answers.domain);
  const sid = seekBytes(answers.domainSid);
  const name = seek(answers.netbiosDomain, lsaTextOf, 'a name');
  // The domain's own name, where the machine's suffix is another (a disjoint namespace).
  const domain = foundIn(seek(answers.dnsDomain, lsaTextOf, 'a name')) || foundIn(suffix);
  if (sid.state === 'unknown' && suffix.state === 'unknown') return observe(context, 'identity', sid);
  const joined =
    sid.state === 'unknown' ? domain !== undefined && domain !== '' : (foundIn(sid) ?? []).length > 0;
  const netbiosDomain = foundIn(name);
  return present(
    {
      joined,
      ...(joined && domain !== undefined && domain !== '' ? { domain } : {}),
      ...(joined && netbiosDomain !== undefined ? { netbiosDomain } : {}),
      ...((foundIn(seekNames(answers.entra)) ?? []).length > 0 ? { entraJoined: true } : {}),
    },
    provenance(context, 'identity', sid.state === 'unknown' ? answers.domain.at : answers.domainSid.at),
  );
}

/** An LSA policy name: length and capacity in bytes (two each), an offset of four bytes, then UTF-16. */
function lsaTextOf(value: AnswerValue): string | undefined {
  if (value.kind !== 'value' || !(value.value.data instanceof Uint8Array)) return undefined;
  const { data } = value.value;
  const length = (data[0] ?? 0) | ((data[1] ?? 0) << 8);
  return data.length >= 8 + length ? decodeUtf16le(data.subarray(8, 8 + length)) : undefined;
}

function sidOf(value: AnswerValue): string | undefined {
  if (value.kind !== 'value' || !(value.value.data instanceof Uint8Array)) return undefined;
  const { data } = value.value;
  const decoded = tryDecode(() => readSid(new Reader(data, 'SID')));
  return decoded.ok ? decoded.value : undefined;
}

function foundIn<T>(sought: Sought<T>): T | undefined {
  return sought.state === 'present' ? sought.value : undefined;
}
