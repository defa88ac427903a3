import { defineCause } from '../model/cause.ts';
import { describeMembership, ruledOutByMembership } from './_domain.ts';
import { INSIDE } from './_inside.ts';
import { cannotTell, citing, isSeen, likely, ruledOut, seenValue } from './_judge.ts';
import { blockersIn, DISABLED, describeBlockers, describeGroups, describeStart } from './_services.ts';
import { statusCode } from './_words.ts';

const AUTOMATIC = 2;
/** STATUS_NETLOGON_NOT_STARTED. */
const NOT_STARTED = 0xc0000192;

export const netlogonServiceDisabled = defineCause({
  id: 'netlogon-service-disabled',
  title: 'The Netlogon service does not run',
  stage: 'logon',
  uses: ['domain.membership', 'service.Netlogon', 'service.Netlogon.dependencies', 'nla.logon'],
  ruledOutBy: [
    ['domain.membership'],
    ['service.Netlogon'],
    ['service.Netlogon', 'service.Netlogon.dependencies'],
  ],
  prior: 0.01,
  remedies: [],
  advice:
    'Set the Netlogon service back to start automatically and start it. A local account gets in meanwhile.',
  judge(evidence) {
    const elsewhere = ruledOutByMembership(evidence);
    if (elsewhere !== undefined) return elsewhere;
    const logon = seenValue(evidence['nla.logon']);
    if (logon?.status === NOT_STARTED) {
      return likely(
        ['nla.logon'],
        `The server refused the sign-in with ${statusCode(logon.status)} (${logon.name}): its Netlogon service does not run.`,
      );
    }
    const observed = evidence['service.Netlogon'];
    const membership = seenValue(evidence['domain.membership']);
    if (!isSeen(observed)) {
      return cannotTell(evidence, 'whether the Netlogon service runs', ['service.Netlogon'], INSIDE);
    }
    const because = citing(evidence, 'service.Netlogon', 'domain.membership');
    const whose =
      membership === undefined
        ? 'If the machine is a member of a domain,'
        : `The machine is ${describeMembership(membership)};`;
    const effect = `${whose} no domain user can be checked by a controller then, while local accounts get in.`;
    if (observed.state === 'absent') return likely(because, `The Netlogon service does not exist. ${effect}`);
    const service = observed.value;
    const word = `Netlogon is ${describeStart(service)}`;
    if (service.state === 'running') return ruledOut(because, `${word}.`);
    if (service.startType === DISABLED || service.state === 'stopped') {
      return likely(because, `${word}. ${effect}`);
    }
    const needs = seenValue(evidence['service.Netlogon.dependencies']);
    const blockers = needs === undefined ? [] : blockersIn(needs);
    if (blockers.length > 0) {
      return likely(
        citing(evidence, 'service.Netlogon.dependencies', 'domain.membership'),
        `Netlogon cannot start without the services that it needs: ${describeBlockers(blockers)}. ${effect}`,
      );
    }
    if (service.startType > AUTOMATIC && membership?.joined === true && service.state === undefined) {
      return likely(because, `${word}, and on a member it has to start automatically. ${effect}`);
    }
    if (needs === undefined || needs.groups.length > 0) {
      return cannotTell(
        evidence,
        `whether the Netlogon service can start${needs === undefined ? '' : `, since ${describeGroups(needs)}`}`,
        ['service.Netlogon.dependencies'],
        INSIDE,
      );
    }
    return ruledOut(
      citing(evidence, 'service.Netlogon', 'service.Netlogon.dependencies', 'domain.membership'),
      `${word}, and none of the services that it needs is disabled.`,
    );
  },
});
