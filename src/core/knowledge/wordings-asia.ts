import { type Wording, wordings } from './wording.ts';

const DOCS = (language: string): string =>
  `Microsoft, Azure documentation ${language}: specific RDP error messages to a Windows VM`;
const RDS = (language: string): string =>
  `Microsoft, Windows Server documentation ${language}: Remote Desktop Services, troubleshooting`;
const REMMINA = (language: string): string => `Remmina, po/${language}.po`;
const REPORTED = 'Texts of the client as users have posted them';

/** What the client, Windows and Remmina say in Japanese, Chinese and Korean. Nothing here was translated by us. */
export const ASIAN_WORDINGS: readonly Wording[] = [
  // ---------------------------------------------------------------- Japanese
  ...wordings('ja', DOCS('ja-jp'), [
    [['error-text', 'S6'], 'お使いの資格情報は機能しませんでした', '資格情報が正しくありません'],
    [['error-text', 'S11'], 'リモート デスクトップ ライセンス サーバーがないため'],
    [['error-text', 'S21'], 'リモート デスクトップは、コンピューター'],
  ]),
  ...wordings('ja', REPORTED, [
    [
      ['error-text', 'S5'],
      '要求された関数はサポートされていません',
      '要求された機能はサポートされていません',
      'CredSSP 暗号化オラクルの修復',
    ],
    [['error-text', 'S12'], 'リモート デスクトップはリモート コンピューターに接続できません'],
    [['win32', 1789], 'このワークステーションとプライマリ ドメインとの信頼関係'],
  ]),
  ...wordings('ja', REMMINA('ja'), [
    [['win32', 1909], 'アカウントがロックアウトされました'],
    [['win32', 1793], 'アカウントが期限切れです'],
    [['win32', 1330], 'パスワードが期限切れです'],
    [['win32', 1331], 'アカウントが無効です'],
    [['error-text', 'S27'], 'ユーザーの権限が不足しています'],
    [['error-text', 'S22'], 'アカウントが制限されています'],
  ]),
  // ---------------------------------------------------------------- Chinese
  ...wordings('zh', REPORTED, [
    [['error-text', 'S3'], '此计算机无法连接到远程计算机'],
    [['error-text', 'S5'], '要求的函数不受支持', 'CredSSP 加密 Oracle 修正', 'CredSSP 加密数据库修正'],
    [['error-text', 'S6'], '你的凭据不工作', '您的凭据不工作', '您的凭证不工作'],
    [['error-text', 'S11'], '没有远程桌面授权服务器可以提供许可证'],
    [['error-text', 'S33'], '给函数提供标志无效'],
  ]),
  ...wordings('zh', 'Windows system error messages, zh-cn, as programs on public record quote them', [
    [['win32', 1355], '指定的域不存在，或无法联系'],
    [['win32', 1385], '未授予用户在此计算机上的请求登录类型'],
    [['win32', 1396], '该目标帐户名称不正确'],
    [['win32', 1398], '在客户机和服务器之间有一个时间差'],
    [['win32', 1722], 'RPC 服务器不可用'],
    [['win32', 1786], '工作站没有信任机密'],
    [['win32', 1787], '服务器上的安全数据库没有此工作站信任关系的计算机帐户'],
    [['win32', 1788], '主域和受信域间的信任关系失败'],
    [['win32', 1789], '此工作站和主域间的信任关系失败'],
    [['win32', 1792], '试图登录，但是网络登录服务没有启动'],
    [['win32', 1793], '用户帐户到期'],
  ]),
  ...wordings('zh', REMMINA('zh_CN'), [
    [['win32', 1909], '账户被锁'],
    [['win32', 1793], '账户已过期'],
    [['win32', 1330], '密码已过期'],
    [['win32', 1331], '账户已禁用'],
    [['error-text', 'S27'], '用户权限不足'],
    [['error-text', 'S22'], '账户受限'],
  ]),
  ...wordings('zh', 'Microsoft, Win32 documentation zh-tw: system error codes', [
    [['error-text', 'S22'], '帳戶限制導致此使用者無法登入'],
    [['win32', 1328], '您的帳戶有時間限制'],
    [['win32', 1907], '使用者的密碼必須在登入之前變更'],
    [['win32', 1909], '參考的帳戶目前已被鎖定'],
  ]),
  // ---------------------------------------------------------------- Korean
  ...wordings('ko', DOCS('ko-kr'), [
    [['error-text', 'S1'], '로컬 보안 기관에 연결할 수 없습니다'],
    [['error-text', 'S3'], '이 컴퓨터에서 원격 컴퓨터에 연결할 수 없습니다'],
    [['error-text', 'S6'], '자격 증명이 작동하지 않습니다'],
    [['error-text', 'S11'], '원격 데스크톱 라이선스 서버가 없으므로'],
    [['error-text', 'S21'], '원격 데스크톱에서 컴퓨터'],
  ]),
  ...wordings('ko', RDS('ko-kr'), [[['error-text', 'S7'], '사용할 수 있는 로그온 유형']]),
  ...wordings('ko', REMMINA('ko'), [
    [['win32', 1909], '계정이 잠겼습니다'],
    [['win32', 1793], '계정이 만료되었습니다'],
    [['win32', 1330], '비밀번호가 만료되었습니다'],
    [['win32', 1331], '계정이 비활성화 되었습니다'],
    [['error-text', 'S27'], '사용자 권한이 부족합니다'],
    [['error-text', 'S22'], '계정이 제한되었습니다'],
  ]),
];
