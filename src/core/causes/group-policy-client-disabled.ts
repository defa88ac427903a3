import { defineCause } from '../model/cause.ts';
import { INSIDE } from './_inside.ts';
import { cannotTell, isSeen, likely, ruledOut, seenValue } from './_judge.ts';
import { blockersIn, DISABLED, describeBlockers, describeGroups, describeStart } from './_services.ts';

export const groupPolicyClientDisabled = defineCause({
  id: 'group-policy-client-disabled',
  title: 'The Group Policy Client service is disabled',
  stage: 'logon',
  uses: ['service.gpsvc', 'service.gpsvc.dependencies'],
  ruledOutBy: [['service.gpsvc'], ['service.gpsvc', 'service.gpsvc.dependencies']],
  prior: 0.003,
  remedies: [],
  advice:
    'Set the start type of gpsvc back to 2 (automatic) in the registry as SYSTEM and restart the machine, which applies its policies again; the Services console refuses to change it.',
  judge(evidence) {
    const service = evidence['service.gpsvc'];
    if (!isSeen(service)) {
      return cannotTell(
        evidence,
        'whether the Group Policy Client service is enabled',
        ['service.gpsvc'],
        INSIDE,
      );
    }
    const effect =
      'Users who are not administrators are refused because the sign-in cannot connect to the Group Policy Client service, administrators have to wait, and the machine no longer gets policies.';
    if (service.state === 'absent')
      return likely(['service.gpsvc'], `The service gpsvc does not exist. ${effect}`);
    if (service.value.startType !== DISABLED) {
      // That it is stopped proves nothing: since Windows 8 it stops when it has nothing to do.
      if (service.value.state === 'running') {
        return ruledOut(
          ['service.gpsvc'],
          `The Group Policy Client (gpsvc) is ${describeStart(service.value)}.`,
        );
      }
      const needs = seenValue(evidence['service.gpsvc.dependencies']);
      const blockers = needs === undefined ? [] : blockersIn(needs);
      if (blockers.length > 0) {
        return likely(
          ['service.gpsvc.dependencies'],
          `The Group Policy Client (gpsvc) cannot start without the services it depends on: ${describeBlockers(blockers)}. ${effect}`,
        );
      }
      if (needs === undefined || needs.groups.length > 0) {
        return cannotTell(
          evidence,
          `whether the Group Policy Client can start${needs === undefined ? '' : ` (${describeGroups(needs)})`}`,
          ['service.gpsvc.dependencies'],
          INSIDE,
        );
      }
      return ruledOut(
        ['service.gpsvc', 'service.gpsvc.dependencies'],
        `The Group Policy Client (gpsvc) is ${describeStart(service.value)}, and none of the services it depends on is disabled.`,
      );
    }
    return likely(
      ['service.gpsvc'],
      service.value.state === 'running'
        ? `The Group Policy Client (gpsvc) is disabled but still running until the next restart. ${effect}`
        : `The Group Policy Client (gpsvc) is disabled, as the workaround in Microsoft's article leaves it. ${effect}`,
    );
  },
});
