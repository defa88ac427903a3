import { AZURE_RESOLVER as AZURE, PUBLIC_RESOLVERS } from '../knowledge/public-resolvers.ts';
import { defineCause } from '../model/cause.ts';
import type { NetworkInterface } from '../model/windows-facts.ts';
import { describeMembership, ruledOutByMembership, showsController } from './_domain.ts';
import { describeEvent, isEvent, PROVIDER, weighEvents } from './_events.ts';
import { cannotTellFrom } from './_inside.ts';
import { cannotTell, citing, likely, ruledOut, seenValue } from './_judge.ts';
import { list } from './_words.ts';

const CONTROLLER_NOT_RESOLVED = [1054, 1055];
const LOOKUP_TIMED_OUT = 1014;
/** NETLOGON: no session with any controller. It does not say why, and ends what an older success showed. */
const NO_SESSION = 5719;

export const dnsMisconfigured = defineCause({
  id: 'dns-misconfigured',
  title: "The machine's DNS does not know the domain",
  stage: 'logon',
  uses: ['domain.membership', 'dns.servers', 'events.relevant'],
  ruledOutBy: [['domain.membership'], ['domain.membership', 'dns.servers', 'events.relevant']],
  prior: 0.04,
  remedies: [],
  advice:
    "Give the machine its domain's DNS servers and no others: on Azure, set them on the virtual network or the network interface and renew the lease; a list set by hand in Windows overrides them. Then check that _ldap._tcp.dc._msdcs.DOMAIN resolves.",
  judge(evidence) {
    const elsewhere = ruledOutByMembership(evidence);
    if (elsewhere !== undefined) return elsewhere;
    const membership = seenValue(evidence['domain.membership']);
    const interfaces = seenValue(evidence['dns.servers']);
    if (membership === undefined || interfaces === undefined) {
      return cannotTellFrom(
        evidence,
        "whether the machine uses its domain's DNS servers",
        ['dns.servers', 'domain.membership'],
        ['--disk', '--rpc'],
      );
    }
    const timeline = seenValue(evidence['events.relevant']);
    const word =
      timeline === undefined
        ? undefined
        : weighEvents(timeline, 'dns-misconfigured', {
            proves: (event) =>
              isEvent(event, PROVIDER.policy, ...CONTROLLER_NOT_RESOLVED) ||
              isEvent(event, PROVIDER.dns, LOOKUP_TIMED_OUT),
            refutes: showsController(membership),
          });
    const lost = timeline?.events.find((event) => isEvent(event, PROVIDER.netlogon, NO_SESSION));
    const because = citing(evidence, 'dns.servers', 'domain.membership', 'events.relevant');
    const inUse = interfaces.filter(isInUse);
    const servers = [...new Set(inUse.flatMap((card) => card.servers))];
    const words = describeServers(inUse);
    if (word?.later === 'refuting' && !(lost !== undefined && lost.at > word.refuting.at)) {
      return ruledOut(because, `A controller was found with ${words}: ${describeEvent(word.refuting)}.`);
    }
    const failure =
      word?.proving === undefined
        ? ''
        : ` ${describeEvent(word.proving)} reports a name that did not resolve.`;
    const effect = `The machine is ${describeMembership(membership)}`;
    if (servers.length === 0) {
      return likely(
        because,
        `${effect}, and no network adapter has a DNS server, so it cannot find a controller.${failure}`,
      );
    }
    const first = inUse.flatMap((card) => card.servers.slice(0, 1));
    if (first.every(isForeign)) {
      return likely(
        because,
        `${effect}, and asks ${words} first, ${
          first.every((server) => server === AZURE)
            ? "Azure's own resolver, which does not know the domain unless a private zone was set up for it"
            : 'a public resolver, which does not know your domain'
        }.${failure}`,
      );
    }
    return cannotTell(
      evidence,
      `whether the machine's DNS servers know its domain (${words}${word?.proving === undefined ? '' : `; ${describeEvent(word.proving)} suggests they do not`})`,
      timeline === undefined ? ['events.relevant'] : ['dns.servers'],
      ['--dc', '--rpc'],
    );
  },
});

/** An interface that has neither address nor servers is no card in use. */
function isInUse({ address, servers }: NetworkInterface): boolean {
  return address !== undefined || servers.length > 0;
}

function describeServers(interfaces: readonly NetworkInterface[]): string {
  const cards = interfaces
    .filter(({ servers }) => servers.length > 0)
    .map(
      ({ servers, source }) => `${servers.join(', ')} (${source === 'static' ? 'set by hand' : 'by DHCP'})`,
    );
  return cards.length === 0
    ? 'no DNS server'
    : `the DNS ${cards.length === 1 ? 'server' : 'servers'} ${list([...new Set(cards)])}`;
}

/** Whether it is known to be no server of one's own domain. */
function isForeign(server: string): boolean {
  return server === AZURE || PUBLIC_RESOLVERS.has(server);
}
