import type { Evidence } from '../model/facts.ts';
import { type Observation, present } from '../model/observation.ts';
import type { DomainMembership, OsVersion } from '../model/windows-facts.ts';
import {
  askAll,
  foundIn,
  type InquiryContext,
  type Named,
  observe,
  provenance,
  type Sought,
  seek,
  seekDecimal,
  seekNames,
  seekNumber,
  seekText,
} from './answers.ts';
import type { AnswerValue, Inquiry, Membership, Question } from './inquiry.ts';

const VERSION = 'Microsoft\\Windows NT\\CurrentVersion';

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
    membership: { kind: 'membership' },
    machineSid: { kind: 'machine-sid' },
    entra: { kind: 'subkeys', hive: 'SYSTEM', key: 'CurrentControlSet\\Control\\CloudDomainJoin\\JoinInfo' },
  });
  const membership = seek(answers.membership, membershipOf, 'a membership');
  return {
    'os.version': observe(context, 'identity', versionOf(answers)),
    'os.productType': observe(context, 'identity', seekText(answers.productType)),
    'computer.name': observe(context, 'identity', seekText(answers.name)),
    'domain.membership': observeMembership(context, membership, seekNames(answers.entra)),
    'domain.sid': observe(context, 'identity', domainSidOf(membership)),
    'machine.sid': observe(context, 'identity', seek(answers.machineSid, sidOf, 'a SID')),
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

/** The LSA's word: the DNS suffix proves nothing, since anybody may set one. */
function observeMembership(
  context: InquiryContext,
  membership: Sought<Membership>,
  entra: Sought<readonly string[]>,
): Observation<DomainMembership> {
  if (membership.state !== 'present') return observe(context, 'identity', membership as Sought<never>);
  const { sid, domain, netbiosDomain } = membership.value;
  // Whoever is in a domain is in it, Entra or not; that a machine is in none takes both.
  if (entra.state === 'unknown' && sid === undefined) return observe(context, 'identity', entra);
  return present(
    {
      joined: sid !== undefined,
      ...(domain === undefined ? {} : { domain }),
      ...(netbiosDomain === undefined ? {} : { netbiosDomain }),
      ...((foundIn(entra) ?? []).length > 0 ? { entraJoined: true } : {}),
    },
    provenance(context, 'identity', membership.at),
  );
}

/** Outside a domain there is none. */
function domainSidOf(membership: Sought<Membership>): Sought<string> {
  if (membership.state !== 'present') return membership;
  const { sid } = membership.value;
  return sid === undefined ? { state: 'absent', at: membership.at } : { ...membership, value: sid };
}

function membershipOf(value: AnswerValue): Membership | undefined {
  return value.kind === 'membership' ? value.membership : undefined;
}

function sidOf(value: AnswerValue): string | undefined {
  return value.kind === 'sid' ? value.sid : undefined;
}
