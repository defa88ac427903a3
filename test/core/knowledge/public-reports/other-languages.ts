import type { PublicReport } from './report.ts';

const AZURE = 'Microsoft, azure-docs.%, troubleshoot-specific-rdp-errors.md';
const RDS = 'Microsoft, windowsserverdocs.%, remote-desktop-services/troubleshoot';

/** Reports in other languages than English. */
export const OTHER_LANGUAGES: readonly PublicReport[] = [
  // ---------------------------------------------------------------- German
  {
    text: 'Remotedesktop: Der Anmeldeversuch ist fehlgeschlagen.',
    language: 'de',
    cause: 'credentials-wrong',
    source: 'blog.silverpc.hu, 7 September 2025; computerweekly.com/de',
  },
  {
    text: 'Remotedesktopverbindung:\nDer Systemadministrator hat den zulässigen Anmeldetyp (Netzwerk oder interaktiv) eingeschränkt. Bitten Sie Ihren Systemadministrator oder den technischen Support um Hilfe.',
    language: 'de',
    cause: 'user-right-missing',
    source: RDS,
  },
  {
    text: 'Die Remotesitzung wurde getrennt, da keine Remotedesktop-Lizenzserver verfügbar sind, um eine Lizenz bereitzustellen. Wenden Sie sich an den Serveradministrator.',
    language: 'de',
    cause: 'license-server-missing',
    source: RDS,
    heldOut: true,
  },
  {
    text: 'Remotedesktop kann den Computer „srv1“ nicht finden.',
    language: 'de',
    cause: 'target-name-wrong',
    source: AZURE,
  },
  {
    text: 'Die Vertrauensstellung zwischen dieser Arbeitsstation und der primären Domäne konnte nicht hergestellt werden.',
    language: 'de',
    cause: 'secure-channel-broken',
    source: 'GitHub, administrators’ notes with the fix Test-ComputerSecureChannel -Repair',
  },
  {
    text: 'Authentifizierungsfehler. Die angeforderte Funktion wird nicht unterstützt. Remotecomputer: srv1',
    language: 'de',
    cause: 'credssp-outdated',
    source: RDS,
    heldOut: true,
  },
  {
    text: 'Authentifizierungsfehler.\nDie lokale Sicherheitsautorität (LSA) ist nicht erreichbar.',
    language: 'de',
    cause: 'domain-controller-unreachable',
    source: AZURE,
  },
  // ---------------------------------------------------------------- French
  {
    text: 'Connexion Bureau à distance : l’administrateur système a restreint le type d’ouverture de session (réseau ou interactif) que vous pouvez utiliser. Demandez de l’aide à votre administrateur.',
    language: 'fr',
    cause: 'user-right-missing',
    source: RDS,
  },
  {
    text: "Une erreur d'authentification s'est produite.\n\nLa fonction demandée n'est pas prise en charge.\n\nOrdinateur distant : srv1",
    language: 'fr',
    cause: 'credssp-outdated',
    source: 'newtravelers.ru/fr (after KB4103718)',
    heldOut: true,
  },
  {
    text: "La relation d'approbation entre cette station de travail et le domaine principal a échoué.",
    language: 'fr',
    cause: 'secure-channel-broken',
    source: 'GitHub, notes on a broken secure channel, with the fix; Microsoft, win32 system error codes',
  },
  {
    text: 'La session distante a été déconnectée, car aucun serveur de licences Bureau à distance n’est disponible pour fournir une licence.',
    language: 'fr',
    cause: 'license-server-missing',
    source: AZURE,
  },
  {
    text: 'Message d’erreur de sécurité Windows : Vos informations d’identification n’ont pas fonctionné.',
    language: 'fr',
    cause: 'credentials-wrong',
    source: AZURE,
    heldOut: true,
  },
  // ---------------------------------------------------------------- Spanish
  {
    text: 'Se desconectó la sesión remota porque no hay servidores de licencias de Escritorio remoto disponibles para proporcionar una licencia.',
    language: 'es',
    cause: 'license-server-missing',
    source: AZURE,
  },
  {
    text: 'La sesión remota se desconectó porque no hay licencias de acceso de cliente de Escritorio remoto disponibles para este equipo.',
    language: 'es',
    cause: 'license-server-missing',
    source: RDS,
    heldOut: true,
  },
  {
    text: 'Error en la relación de confianza entre esta estación de trabajo y el dominio principal',
    language: 'es',
    cause: 'secure-channel-broken',
    source: 'Microsoft, win32 system error codes, es-es',
  },
  {
    text: 'Conexión a Escritorio remoto:\nEl administrador del sistema ha restringido el tipo de inicio de sesión (red o interactiva) que pueda usar.',
    language: 'es',
    cause: 'user-right-missing',
    source: RDS,
    heldOut: true,
  },
  // ---------------------------------------------------------------- Italian
  {
    text: 'Errore di autenticazione.\nLa funzione richiesta non è supportata.\nComputer remoto: Server\nLa causa potrebbe essere la Correzione crittografia Oracle per CredSSP.\nPer altre informazioni, vedi https://go.microsoft.com/fwlink/?linkid=866660',
    language: 'it',
    cause: 'credssp-outdated',
    source: 'itlabz10.tk/archives/1364',
  },
  {
    text: "Connessione Desktop remoto:\nL'amministratore di sistema ha limitato il tipo di accesso (in rete o interattivo) che è possibile usare.",
    language: 'it',
    cause: 'user-right-missing',
    source: RDS,
  },
  {
    text: 'La sessione remota è stata disconnessa perché non sono disponibili server licenze di Desktop remoto per il rilascio della licenza.',
    language: 'it',
    cause: 'license-server-missing',
    source: AZURE,
    heldOut: true,
  },
  // ---------------------------------------------------------------- Portuguese
  {
    text: 'A sessão remota foi desconectada porque não há Servidores de Licença da Área de Trabalho Remota disponíveis para fornecer uma licença.',
    language: 'pt',
    cause: 'license-server-missing',
    source: AZURE,
  },
  {
    text: 'Erro de Segurança do Windows: suas credenciais não funcionaram.',
    language: 'pt',
    cause: 'credentials-wrong',
    source: AZURE,
    heldOut: true,
  },
  // ---------------------------------------------------------------- Polish
  {
    text: 'Podłączanie pulpitu zdalnego\nWystąpił błąd uwierzytelnienia.\nŻądana funkcja nie jest obsługiwana.\nKomputer zdalny: srv1',
    language: 'pl',
    cause: 'credssp-outdated',
    source: 'pl.telusuri.info (after KB4103718)',
  },
  {
    text: 'Pulpit zdalny nie może znaleźć komputera "srv1".',
    language: 'pl',
    cause: 'target-name-wrong',
    source: AZURE,
    heldOut: true,
  },
  // ---------------------------------------------------------------- Russian
  {
    text: 'Подключение к удаленному рабочему столу\n\nПроизошла ошибка проверки подлинности.\n\nУказанная функция не поддерживается.\n\nУдаленный компьютер: computername',
    language: 'ru',
    cause: 'credssp-outdated',
    source: 'windoro.ru (after KB4103718)',
  },
  {
    text: 'Удаленный сеанс отключен, поскольку отсутствуют доступные серверы лицензирования удаленных рабочих столов, которые могли бы провести лицензирование.',
    language: 'ru',
    cause: 'license-server-missing',
    source: AZURE,
  },
  {
    text: 'Windows 10, учетная запись Microsoft: Попытка входа не удалась',
    language: 'ru',
    cause: 'credentials-wrong',
    source: 'kripta.biz, on Microsoft accounts over RDP',
    heldOut: true,
  },
  {
    text: 'Указанная учетная запись заблокирована',
    language: 'ru',
    cause: 'account-locked',
    source: '101-help.com, [ИСПРАВЛЕНО] Указанная учетная запись заблокирована',
  },
  // ---------------------------------------------------------------- Japanese
  {
    text: '認証エラーが発生しました。\n要求された関数はサポートされていません\nリモート コンピューター: server1\n原因は CredSSP 暗号化オラクルの修復である可能性があります。\n詳細については、https://go.microsoft.com/fwlink/?linkid=866660 を参照してください',
    language: 'ja',
    cause: 'credssp-outdated',
    source: 'qiita.com/fjtter/items/be213ff906b17809bf92',
  },
  {
    text: 'このワークステーションとプライマリ ドメインとの信頼関係に失敗しました',
    language: 'ja',
    cause: 'secure-channel-broken',
    source: 'GitHub, jinna-i: 信頼関係に失敗しましたの解決方法',
    heldOut: true,
  },
  {
    text: 'リモートデスクトップはリモートコンピューターに接続できません',
    language: 'ja',
    cause: 'port-unreachable',
    source: '4thsight.xyz/15538',
  },
  {
    text: 'ライセンスを提供するためのリモート デスクトップ ライセンス サーバーがないため、リモート セッションは切断されました。',
    language: 'ja',
    cause: 'license-server-missing',
    source: AZURE,
  },
  // ---------------------------------------------------------------- Chinese
  {
    text: '出现身份验证错误。\n要求的函数不受支持\n这可能是由于 CredSSP 加密 Oracle 修正。\n若要了解详细信息,请访问 https://go.microsoft.com/fwlink/?linkid=866660',
    language: 'zh',
    cause: 'credssp-outdated',
    source: 'cftea.com/c/2018/05/8182.asp',
    heldOut: true,
  },
  {
    text: '由于没有远程桌面授权服务器可以提供许可证，远程会话连接已断开。请跟服务器管理员联系',
    language: 'zh',
    cause: 'license-server-missing',
    source: 'Tencent Cloud, cloud.tencent.com, 远程桌面授权服务器',
  },
  {
    text: '远程桌面电脑时，输入用户密码后如出现”你的凭据不工作”',
    language: 'zh',
    cause: 'credentials-wrong',
    source: 'cpolar user guide 9.5.5',
  },
  {
    text: '途中遇到一次此工作站和主域间的信任关系失败，进入Exchange服务器的Powershell',
    language: 'zh',
    cause: 'secure-channel-broken',
    source: 'GitHub, Vulntarget-L (solved by Reset-ComputerMachinePassword)',
    heldOut: true,
  },
  // ---------------------------------------------------------------- Korean
  {
    text: '원격 데스크톱 연결:\n시스템 관리자가 사용자가 사용할 수 있는 로그온 유형(네트워크 또는 대화형)을 제한했습니다. 도움이 필요한 경우 시스템 관리자 또는 기술 지원 팀에 문의하세요.',
    language: 'ko',
    cause: 'user-right-missing',
    source: RDS,
  },
  {
    text: '인증 오류가 발생했습니다. 로컬 보안 기관에 연결할 수 없습니다.',
    language: 'ko',
    cause: 'domain-controller-unreachable',
    source: AZURE,
  },
  {
    text: 'Windows 보안 오류: 자격 증명이 작동하지 않습니다.',
    language: 'ko',
    cause: 'credentials-wrong',
    source: AZURE,
    heldOut: true,
  },
];
