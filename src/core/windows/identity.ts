import { tryDecode } from '../bytes/decode-error.ts';
import { Reader } from '../bytes/reader.ts';
import { readSid } from '../bytes/sid.ts';
import { decodeUtf16le } from '../bytes/utf16.ts';
import type { Evidence } from '../model/facts.ts';
import { type Observation, present } from '../model/observation.ts';
import type { DomainMembership, OsVersion } from '../model/windows-facts.ts';
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
import type { Answer, AnswerValue, Inquiry, Question } from './inquiry.ts';

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
    productType: system('CurrentControlSet\\Control\\ProductOptions', 'ProductType'),
    name: system('CurrentControlSet\\Control\\ComputerName\\ComputerName', 'ComputerName'),
    domain: system(TCPIP, 'Domain'),
    /** Kept by the LSA while the machine is a member. */
    dnsDomain: { kind: 'value', hive: 'SECURITY', key: 'Policy\\PolDnDDN', name: '' },
    netbiosDomain: { kind: 'value', hive: 'SECURITY', key: 'Policy\\PolPrDmN', name: '' },
    domainSid: { kind: 'value', hive: 'SECURITY', key: 'Policy\\PolPrDmS', name: '' },
    accountDomainSid: { kind: 'value', hive: 'SECURITY', key: 'Policy\\PolAcDmS', name: '' },
    entra: { kind: 'subkeys', hive: 'SYSTEM', key: 'CurrentControlSet\\Control\\CloudDomainJoin\\JoinInfo' },
  });
  return {
    'os.version': observe(context, 'identity', versionOf(answers)),
    'os.productType': observe(context, 'identity', seekText(answers.productType)),
    'computer.name': observe(context, 'identity', seekText(answers.name)),
    'domain.membership': observeMembership(context, answers),
    'domain.sid': observe(context, 'identity', domainSidOf(answers.domainSid)),
    'machine.sid': observe(context, 'identity', seek(answers.accountDomainSid, sidOf, 'a SID')),
  };
}

/** The defaults go by product, build and type, so those are known together or not at all. */
function versionOf(
  answers: Named<'build' | 'productName' | 'installationType' | 'revision' | 'displayVersion'>,
): Sought<OsVersion> {
  const build = seekDecimal(answers.build);
  const product = seekText(answers.productName);
  const installation = seekText(answers.installationType);
  const revision = seekNumber(answers.revision);
  const display = seekText(answers.displayVersion);
  for (const sought of [build, product, installation]) {
    if (sought.state === 'unknown') return sought;
  }
  if (build.state !== 'present') return build;
  const productName = foundIn(product) ?? 'Windows';
  return {
    ...build,
    value: {
      productName,
      build: build.value,
      // Vista and Server 2008 do not say.
      installationType: foundIn(installation) ?? (/server/i.test(productName) ? 'Server' : 'Client'),
      ...(revision.state === 'present' ? { revision: revision.value } : {}),
      ...(display.state === 'present' ? { displayVersion: display.value } : {}),
    },
  };
}

/**
 * A member holds its domain's SID in the LSA policy. The DNS suffix proves nothing (anybody may set
 * one), so where SECURITY cannot be read the membership is not known; it only names the domain of a
 * member whose LSA does not.
 */
function observeMembership(
  context: InquiryContext,
  answers: Named<'domain' | 'dnsDomain' | 'netbiosDomain' | 'domainSid' | 'entra'>,
): Observation<DomainMembership> {
  const sid = seekBytes(answers.domainSid);
  const entra = seekNames(answers.entra);
  if (sid.state === 'unknown') return observe(context, 'identity', sid);
  if (entra.state === 'unknown') return observe(context, 'identity', entra);
  const from = provenance(context, 'identity', answers.domainSid.at);
  const entraJoined = (foundIn(entra) ?? []).length > 0 ? { entraJoined: true } : {};
  if ((foundIn(sid) ?? []).length === 0) return present({ joined: false, ...entraJoined }, from);
  const own = seek(answers.dnsDomain, lsaTextOf, 'a name');
  // The domain's own name, where the machine's suffix is another (a disjoint namespace).
  const domain = own.state === 'unknown' ? undefined : foundIn(own) || foundIn(seekText(answers.domain));
  const netbiosDomain = foundIn(seek(answers.netbiosDomain, lsaTextOf, 'a name'));
  return present(
    {
      joined: true,
      ...(domain === undefined || domain === '' ? {} : { domain }),
      ...(netbiosDomain === undefined ? {} : { netbiosDomain }),
      ...entraJoined,
    },
    from,
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

/** Outside a domain the value is there and empty: that is no SID. */
function domainSidOf(answer: Answer): Sought<string> {
  const bytes = seekBytes(answer);
  return bytes.state === 'present' && bytes.value.length === 0
    ? { state: 'absent', at: bytes.at }
    : seek(answer, sidOf, 'a SID');
}

function foundIn<T>(sought: Sought<T>): T | undefined {
  return sought.state === 'present' ? sought.value : undefined;
}
