import { defineCause } from '../model/cause.ts';
import { INSIDE } from './_inside.ts';
import { cannotTell, isSeen, likely, ruledOut, seenValue } from './_judge.ts';
import { blockersIn, DISABLED, describeBlockers, describeGroups, describeStart } from './_services.ts';

export const groupPolicyClientDisabled = defineCause({
  id: 'group-policy-client-disabled',
  title: 'The Group Policy client is disabled',
  stage: 'logon',
  uses: ['service.gpsvc', 'service.gpsvc.dependencies'],
  ruledOutBy: [['service.gpsvc', 'service.gpsvc.dependencies']],
  prior: 0.003,
  remedies: [],
  advice:
    'Set the start type of gpsvc back to 2 (automatic) in the registry as SYSTEM and restart the machine, then run gpupdate /force; the services console refuses to change it.',
  judge(evidence) {
    const service = evidence['service.gpsvc'];
    if (!isSeen(service)) {
      return cannotTell(
        evidence,
        'whether the Group Policy client is switched on',
        ['service.gpsvc'],
        INSIDE,
      );
    }
    const effect =
      'Users who are not administrators are refused because the sign-in cannot connect to the Group Policy Client service, others wait, and the machine gets no policy any more.';
    if (service.state === 'absent')
      return likely(['service.gpsvc'], `The service gpsvc does not exist. ${effect}`);
    if (service.value.startType !== DISABLED) {
      const needs = seenValue(evidence['service.gpsvc.dependencies']);
      const blockers = needs === undefined ? [] : blockersIn(needs);
      if (blockers.length > 0) {
        return likely(
          ['service.gpsvc.dependencies'],
          `The Group Policy client (gpsvc) cannot start without the services that it needs: ${describeBlockers(blockers)}. ${effect}`,
        );
      }
      if (needs === undefined || needs.groups.length > 0) {
        return cannotTell(
          evidence,
          `whether the Group Policy client can start${needs === undefined ? '' : `, since ${describeGroups(needs)}`}`,
          ['service.gpsvc.dependencies'],
          INSIDE,
        );
      }
      return ruledOut(
        ['service.gpsvc', 'service.gpsvc.dependencies'],
        `The Group Policy client (gpsvc) is ${describeStart(service.value)}, and none of the services that it needs is disabled.`,
      );
    }
    return likely(
      ['service.gpsvc'],
      service.value.state === 'running'
        ? `The Group Policy client (gpsvc) is disabled and still runs, until the next restart. ${effect}`
        : `The Group Policy client (gpsvc) is disabled, as the workaround of Microsoft's article leaves it. ${effect}`,
    );
  },
});
