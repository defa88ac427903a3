import { defineCause } from '../model/cause.ts';
import { INSIDE } from './_inside.ts';
import { cannotTell, isSeen, likely, ruledOut } from './_judge.ts';
import { DISABLED, describeStart } from './_services.ts';

export const groupPolicyClientDisabled = defineCause({
  id: 'group-policy-client-disabled',
  title: 'The Group Policy client is disabled',
  stage: 'logon',
  uses: ['service.gpsvc'],
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
      return ruledOut(
        ['service.gpsvc'],
        `The Group Policy client (gpsvc) is ${describeStart(service.value)}.`,
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
