/**
 * The Local Security Authority: membership, the machine's SID and who holds which right. Its functions are declared in
 * memory: Add-Type would have the compiler write files. In ConstrainedLanguage there is CIM alone.
 */
export const LSA = `
$lsa = @{}
function Open-Lsa {
  if ($lsa.handle) { return }
  $name = New-Object Reflection.AssemblyName 'RdpdoctorLsa'
  # Windows PowerShell's .NET has it elsewhere than that of PowerShell 7.
  $assembly = if ($PSVersionTable.PSVersion.Major -ge 6) { [Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly($name, 'Run') } else { [AppDomain]::CurrentDomain.DefineDynamicAssembly($name, 'Run') }
  $type = $assembly.DefineDynamicModule('RdpdoctorLsa').DefineType('RdpdoctorLsa', 'Public,Class')
  $pointer = [IntPtr]
  $reference = $pointer.MakeByRefType()
  $functions = @{
    LsaOpenPolicy = @($pointer, $pointer, [int], $reference)
    LsaQueryInformationPolicy = @($pointer, [int], $reference)
    LsaEnumerateAccountsWithUserRight = @($pointer, $pointer, $reference, [int].MakeByRefType())
  }
  foreach ($function in $functions.Keys) {
    $method = $type.DefinePInvokeMethod($function, 'advapi32.dll', 'Public,Static,PinvokeImpl', 'Standard', [int], $functions[$function], 'Winapi', 'Unicode')
    $method.SetImplementationFlags('PreserveSig')
  }
  $lsa.type = $type.CreateType()
  # LSA_OBJECT_ATTRIBUTES, which holds nothing but its length. Access: look up names, view local information.
  $attributes = [Runtime.InteropServices.Marshal]::AllocHGlobal(48)
  for ($at = 0; $at -lt 48; $at += 4) { [Runtime.InteropServices.Marshal]::WriteInt32($attributes, $at, 0) }
  [Runtime.InteropServices.Marshal]::WriteInt32($attributes, 0, 6 * [IntPtr]::Size)
  $handle = [IntPtr]::Zero
  $functions = $lsa.type
  Check-Status ($functions::LsaOpenPolicy([IntPtr]::Zero, $attributes, 0x801, [ref]$handle))
  $lsa.handle = $handle
}
# NTSTATUS: 0 is well, C0000022 and C0000061 are denials.
function Check-Status([int]$status) {
  if ($status -eq -1073741790 -or $status -eq -1073741727) { throw (New-Object UnauthorizedAccessException) }
  if ($status) { throw ('the LSA answered 0x{0:X8}' -f $status) }
}
function Read-Policy([int]$class) {
  Open-Lsa
  $buffer = [IntPtr]::Zero
  $functions = $lsa.type
  Check-Status ($functions::LsaQueryInformationPolicy($lsa.handle, $class, [ref]$buffer))
  $buffer
}
# LSA_UNICODE_STRING: length in bytes, room, pointer.
function Text-At($buffer, [int]$offset) {
  $length = [Runtime.InteropServices.Marshal]::ReadInt16($buffer, $offset) -band 0xFFFF
  $text = [Runtime.InteropServices.Marshal]::ReadIntPtr($buffer, $offset + [IntPtr]::Size)
  if ($length) { [Runtime.InteropServices.Marshal]::PtrToStringUni($text, $length / 2) } else { '' }
}
function Sid-At($buffer, [int]$offset) {
  $sid = [Runtime.InteropServices.Marshal]::ReadIntPtr($buffer, $offset)
  if ($sid -ne [IntPtr]::Zero) { (New-Object Security.Principal.SecurityIdentifier($sid)).Value } else { '' }
}

function Read-Membership {
  try {
    if (-not $full) {
      $computer = Cim 'Win32_ComputerSystem'
      if ($computer.PartOfDomain) { throw 'the machine is in a domain, whose SID PowerShell does not tell in this language mode' }
      Line 'membership' 'present'
      return
    }
    # PolicyDnsDomainInformation: three texts, a GUID, the SID; without a SID there is no domain.
    $buffer = Read-Policy 12
    $text = 2 * [IntPtr]::Size
    $sid = Sid-At $buffer (3 * $text + 16)
    if ($sid) { Line 'membership' 'present' (Mask-Sids $sid) (Word 'domain' (Text-At $buffer $text)) (Word 'domain' (Text-At $buffer 0)) } else { Line 'membership' 'present' }
  } catch { $why = @(Reason $_); Line 'membership' @why }
}

function Read-MachineSid {
  try {
    if (-not $full) { throw 'PowerShell does not tell it in this language mode' }
    # PolicyAccountDomainInformation: a text, the SID.
    Line 'machine-sid' 'present' (Mask-Sids (Sid-At (Read-Policy 5) (2 * [IntPtr]::Size)))
  } catch { $why = @(Reason $_); Line 'machine-sid' @why }
}

function Read-Rights {
  try {
    if (-not $full) { throw 'PowerShell does not tell it in this language mode' }
    Open-Lsa
    foreach ($right in 'SeRemoteInteractiveLogonRight', 'SeNetworkLogonRight', 'SeDenyRemoteInteractiveLogonRight', 'SeDenyNetworkLogonRight') {
      $name = [Runtime.InteropServices.Marshal]::AllocHGlobal(2 * [IntPtr]::Size)
      [Runtime.InteropServices.Marshal]::WriteInt16($name, 0, 2 * $right.Length)
      [Runtime.InteropServices.Marshal]::WriteInt16($name, 2, 2 * $right.Length)
      [Runtime.InteropServices.Marshal]::WriteIntPtr($name, [IntPtr]::Size, [Runtime.InteropServices.Marshal]::StringToHGlobalUni($right))
      $buffer = [IntPtr]::Zero
      $count = 0
      $functions = $lsa.type
      $status = $functions::LsaEnumerateAccountsWithUserRight($lsa.handle, $name, [ref]$buffer, [ref]$count)
      # STATUS_NO_MORE_ENTRIES: nobody has it.
      if ($status -ne -2147483622) { Check-Status $status }
      $sids = @(for ($at = 0; $at -lt $count; $at++) { Mask-Sids (Sid-At $buffer ($at * [IntPtr]::Size)) })
      Line 'right' $right @sids
    }
    Line 'rights' 'present'
  } catch { $why = @(Reason $_); Line 'rights' @why }
}
`;
