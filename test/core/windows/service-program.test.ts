// The program of TermService: which file its paths mean, whether it is there, whether svchost may host it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ServiceProgram } from '../../../src/core/model/windows-facts.ts';
import { inquireServiceProgram } from '../../../src/core/windows/service-program.ts';
import { ask, CONTEXT, type Data, type FakeMachine, type Key } from './fake-machine.ts';

const SERVICE = 'SYSTEM\\CurrentControlSet\\Services\\TermService';
const GROUPS = 'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Svchost';
const SYSTEM32 = '\\Windows\\System32';
const USUAL_IMAGE = '%SystemRoot%\\System32\\svchost.exe -k termsvcs';
const USUAL_LIBRARY = '%SystemRoot%\\System32\\termsrv.dll';

interface Setup {
  readonly image?: Data | undefined;
  readonly library?: Data | undefined;
  readonly groups?: Key | undefined;
  readonly files?: readonly string[];
  readonly unreadable?: readonly string[];
  readonly incomplete?: readonly string[];
}

function machine(setup: Setup): FakeMachine {
  const files =
    setup.files ?? ['svchost.exe', 'termsrv.dll', 'services.exe'].map((name) => `${SYSTEM32}\\${name}`);
  const { image, library, groups } = {
    image: USUAL_IMAGE as Data,
    library: USUAL_LIBRARY as Data,
    groups: { termsvcs: ['TermService'] } as Key,
    ...setup,
  };
  return {
    registry: {
      [SERVICE]: image === undefined ? {} : { ImagePath: image },
      ...(library === undefined ? {} : { [`${SERVICE}\\Parameters`]: { ServiceDll: library } }),
      ...(groups === undefined ? {} : { [GROUPS]: groups }),
    },
    files: Object.fromEntries(files.map((path) => [path, {}])),
    unreadable: setup.unreadable ?? [],
    incomplete: setup.incomplete ?? [],
  };
}

function observe(setup: Setup) {
  const { value, rounds } = ask(machine(setup), inquireServiceProgram(CONTEXT));
  return { observed: value['service.TermService.program'], rounds };
}

/** What was found; the words of the problem count for being there alone. */
function look(setup: Setup, rounds = 1): Omit<ServiceProgram, 'problem'> & { readonly problem?: boolean } {
  const { observed, rounds: taken } = observe(setup);
  assert.ok(observed?.state === 'present', `it is ${JSON.stringify(observed)}`);
  assert.equal(taken, rounds);
  const { problem, ...rest } = observed.value;
  return problem === undefined ? rest : { ...rest, problem: problem !== '' };
}

const USUAL: ServiceProgram = {
  imagePath: USUAL_IMAGE,
  serviceDll: USUAL_LIBRARY,
  image: 'there',
  library: 'there',
  hostGroup: { name: 'termsvcs', lists: true },
};

test('as Windows ships it', () => {
  assert.deepEqual(look({}), USUAL);
  const { observed } = observe({});
  assert.ok(observed?.state === 'present');
  assert.deepEqual(observed.from, {
    gatherer: 'service-program',
    locator: `${SERVICE}!ImagePath`,
    ...CONTEXT,
  });
});

describe('what is not there, or is another', () => {
  test('the files', () => {
    const services = `${SYSTEM32}\\services.exe`;
    assert.deepEqual(look({ files: [services] }), { ...USUAL, image: 'missing', library: 'missing' });
    // A disk without services.exe holds no whole Windows: that the others are not on it proves nothing.
    assert.deepEqual(look({ files: [] }), { ...USUAL, image: 'unknown', library: 'unknown', problem: true });
    assert.deepEqual(look({ files: [`${SYSTEM32}\\svchost.exe`] }), {
      ...USUAL,
      library: 'unknown',
      problem: true,
    });
  });
  test('the values', () => {
    const { imagePath: _i, image: _s, hostGroup: _h, ...library } = USUAL;
    assert.deepEqual(look({ image: undefined }), library);
    const { serviceDll: _d, library: _l, ...image } = USUAL;
    assert.deepEqual(look({ library: undefined }), image);
    assert.deepEqual(look({ image: undefined, library: undefined, groups: undefined }), {});
  });
  test('a library of somebody else, asked for in a round of its own', () => {
    const library = 'C:\\Program Files\\Other\\wrap.dll';
    const rest = ['svchost.exe', 'termsrv.dll', 'services.exe'].map((name) => `${SYSTEM32}\\${name}`);
    assert.deepEqual(look({ library }, 2), { ...USUAL, serviceDll: library, library: 'missing' });
    assert.deepEqual(look({ library, files: [...rest, '\\Program Files\\Other\\wrap.dll'] }, 2), {
      ...USUAL,
      serviceDll: library,
    });
  });
  test('both of somebody else', () => {
    const [image, library] = ['\\a\\one.exe', '\\a\\two.dll'];
    assert.deepEqual(look({ image, library, files: [`${SYSTEM32}\\services.exe`, '\\a\\two.dll'] }, 2), {
      imagePath: image,
      serviceDll: library,
      image: 'missing',
      library: 'there',
    });
  });
});

// Forms in which services name their files: environment variables, the object manager's prefixes, quotes (practice).
const PATHS: readonly (readonly [text: string, path: string | undefined])[] = [
  ['%SystemRoot%\\System32\\x.dll', '\\Windows\\System32\\x.dll'],
  ['%SYSTEMROOT%\\System32\\x.dll', '\\Windows\\System32\\x.dll'],
  ['%windir%\\System32\\x.dll', '\\Windows\\System32\\x.dll'],
  ['\\SystemRoot\\System32\\x.dll', '\\Windows\\System32\\x.dll'],
  ['system32\\x.dll', '\\Windows\\System32\\x.dll'],
  ['System32\\x.dll', '\\Windows\\System32\\x.dll'],
  ['%ProgramFiles%\\Other\\x.dll', '\\Program Files\\Other\\x.dll'],
  ['C:\\Program Files\\Other\\x.dll', '\\Program Files\\Other\\x.dll'],
  ['c:\\x.dll', '\\x.dll'],
  ['\\??\\C:\\x.dll', '\\x.dll'],
  ['"C:\\Program Files\\Other\\x.dll"', '\\Program Files\\Other\\x.dll'],
  ['  "C:\\Other\\x.exe" -k a.dll', '\\Other\\x.exe'],
  ['C:\\Program Files\\Other\\x.exe -flag', '\\Program Files\\Other\\x.exe'],
  ['  C:\\Other\\X.DLL  ', '\\Other\\X.DLL'],
  ['C:\\Other\\x.ocx', '\\Other\\x.ocx'],
  ['  C:\\Other\\x.ocx  ', '\\Other\\x.ocx'],
  ['C:\\x.exe.d\\y.dll', '\\x.exe.d\\y.dll'],
  // Elsewhere: another drive, a share, a variable that only a running Windows knows, no folder.
  ['D:\\x.dll', undefined],
  ['\\\\server\\share\\x.dll', undefined],
  ['%CommonProgramFiles%\\x.dll', undefined],
  ['C:\\Other\\%ver%\\x.dll', undefined],
  ['%SystemRoot%x.dll', undefined],
  ['%ProgramFiles%x.dll', undefined],
  ['x.dll', undefined],
  ['my\\system32\\x.dll', undefined],
  ['a%windir%\\x.dll', undefined],
  // What stands in front of a form makes it none.
  ['c:%systemroot%\\x.dll', undefined],
  ['c:%programfiles%\\x.dll', undefined],
  ['run "C:\\Other\\x.exe"', undefined],
  ['\\system32\\x.dll', '\\system32\\x.dll'],
  ['\\a\\system32\\x.dll', '\\a\\system32\\x.dll'],
  ['c:\\c:\\x.dll', '\\c:\\x.dll'],
  ['\\??\\x.dll', '\\??\\x.dll'],
  ['\\Windows\\%ver%\\x.dll', undefined],
  ['\\%ver%\\x.dll', undefined],
  ['\\', undefined],
  ['', undefined],
];

describe('which file a path means', () => {
  for (const [text, path] of PATHS) {
    test(text === '' ? 'nothing' : text, () => {
      const files = [`${SYSTEM32}\\services.exe`, ...(path === undefined ? [] : [path])];
      const { library } = look({ image: undefined, library: text, files }, path === undefined ? 1 : 2);
      assert.equal(library, path === undefined ? 'unknown' : 'there');
    });
  }
  test('its own name in other capitals needs no round', () =>
    assert.equal(look({ library: '%systemroot%\\system32\\TERMSRV.DLL' }).library, 'there'));
});

describe('the group that svchost hosts', () => {
  const rows: readonly (readonly [title: string, setup: Setup, group: ServiceProgram['hostGroup']])[] = [
    ['capitals', { groups: { TermSvcs: ['termservice'] } }, { name: 'termsvcs', lists: true }],
    ['among others', { groups: { termsvcs: ['a', 'TermService', 'b'] } }, { name: 'termsvcs', lists: true }],
    ['others only', { groups: { termsvcs: ['a'] } }, { name: 'termsvcs', lists: false }],
    ['no such group', { groups: { other: ['TermService'] } }, { name: 'termsvcs', lists: false }],
    ['no groups at all', { groups: undefined }, { name: 'termsvcs', lists: 'unknown' }],
    ['groups of another type', { groups: { termsvcs: 5 } }, { name: 'termsvcs', lists: 'unknown' }],
    ['groups that cannot be read', { unreadable: [GROUPS] }, { name: 'termsvcs', lists: 'unknown' }],
    ['groups cut off', { groups: {}, incomplete: [GROUPS] }, { name: 'termsvcs', lists: 'unknown' }],
    ['a switch behind it', { image: `${USUAL_IMAGE} -s TermService` }, { name: 'termsvcs', lists: true }],
    [
      'capital K and many blanks',
      { image: `${SYSTEM32}\\svchost.exe  -K   termsvcs` },
      { name: 'termsvcs', lists: true },
    ],
    ['no group', { image: `${SYSTEM32}\\svchost.exe` }, undefined],
    ['no blank before the switch', { image: `${SYSTEM32}\\svchost.exe -x-k termsvcs` }, undefined],
  ];
  for (const [title, setup, group] of rows) {
    test(title, () => {
      const found = look(setup);
      assert.deepEqual(found.hostGroup, group);
      assert.equal(found.problem, group?.lists === 'unknown' ? true : undefined);
    });
  }
});

describe('what cannot be read', () => {
  test('the values: nothing is known', () => {
    for (const place of [`${SERVICE}!ImagePath`, `${SERVICE}\\Parameters!ServiceDll`]) {
      const { observed } = observe({ unreadable: [place] });
      assert.ok(observed?.state === 'unknown' && observed.why === 'corrupt', place);
    }
    assert.equal(observe({ image: 5 }).observed?.state, 'unknown');
    assert.equal(observe({ library: 5 }).observed?.state, 'unknown');
  });
  test('a file: that one is unknown', () => {
    const library = `${SYSTEM32}\\termsrv.dll`;
    assert.deepEqual(look({ unreadable: [library] }), { ...USUAL, library: 'unknown', problem: true });
    const { observed } = observe({ unreadable: [library] });
    assert.ok(observed?.state === 'present');
    assert.equal(observed.value.problem, `${library} is damaged`);
  });
});
