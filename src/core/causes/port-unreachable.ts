import { defineCause } from '../model/cause.ts';
import type { TcpConnect } from '../model/facts.ts';
import { cannotTell, confirmed, isSeen, likely, ruledOut, seenValue } from './_judge.ts';
import { list } from './_words.ts';

type State = TcpConnect['state'];

export const portUnreachable = defineCause({
  id: 'port-unreachable',
  title: 'Nothing answers on the Remote Desktop port',
  stage: 'reach',
  uses: ['tcp.connect', 'listener.owner'],
  ruledOutBy: [['tcp.connect']],
  prior: 0.15,
  remedies: [],
  advice:
    "Check in this order: that the machine is running, the network rules in front of it (on Azure the NSG, with IP flow verify), Windows Firewall, the TermService service and the listener's PortNumber. Use --disk if nobody can sign in.",
  judge(evidence) {
    const connect = evidence['tcp.connect'];
    if (!isSeen(connect)) {
      return cannotTell(evidence, 'whether the port can be reached', ['tcp.connect'], ['HOST', '--disk']);
    }
    if (connect.state === 'absent') {
      return likely(['tcp.connect'], 'The target has no address that this machine can connect to.');
    }
    const { state, address, millis } = connect.value;
    const tried = connect.value.addresses.length > 0 ? connect.value.addresses : [{ address, state, millis }];
    const open = state === 'open' ? connect.value : tried.find((entry) => entry.state === 'open');
    if (open !== undefined) {
      const others = tried.filter((entry) => entry.state !== 'open');
      return ruledOut(
        ['tcp.connect'],
        `A TCP connection from this machine to ${open.address} opened in ${open.millis} ms.${
          others.length === 0
            ? ''
            : ` It did not for ${list(others.map((entry) => `${entry.address} (${entry.state})`))}: a client that picks such an address fails.`
        }`,
      );
    }
    const lacks = [...new Set(tried.flatMap(({ detail }) => (detail === undefined ? [] : [detail])))];
    const seen = tried.flatMap((entry) => (entry.detail === undefined ? [entry.state] : []));
    const owner = seenValue(evidence['listener.owner']);
    const listens = owner?.service !== undefined && /\bTermService\b/i.test(owner.service);
    const meanings = [
      ...[...new Set(seen)].map((each) => MEANINGS[each]),
      ...(lacks.length === 0 ? [] : [`The reason is on this machine, not at the target: ${list(lacks)}.`]),
      ...(listens
        ? [
            'On the machine itself TermService listens on its port, so that something on the way keeps it from being reached, or the port tried is another.',
          ]
        : []),
    ];
    return confirmed(
      listens ? ['tcp.connect', 'listener.owner'] : ['tcp.connect'],
      `From this machine no TCP connection to the target opens: ${list(
        tried.map((entry) => `${entry.address} ${WORDS[entry.state]}`),
      )}. ${meanings.join(' ')}`,
    );
  },
});

const WORDS: Readonly<Record<State, string>> = {
  open: 'opened',
  refused: 'refused it',
  timeout: 'did not answer',
  unreachable: 'is unreachable',
};

const MEANINGS: Readonly<Record<State, string>> = {
  open: '',
  refused:
    'Refused means that the machine was reached, but nothing listens on the port or a firewall rejects the connection.',
  timeout:
    'No answer means that packets are dropped on the way or at the machine, or that the machine is off.',
  unreachable: 'Unreachable means that there is no route to it, or that a device on the way says so.',
};
