#!/bin/bash
# Installs PowerShell for Windows, and the .NET that it runs on, into a folder: for test/peers/powershell.ts.
# It comes from NuGet, through the .NET SDK 10, which Debian does not have.
# usage: install.sh FOLDER
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
powershell=7.6.9 net=10.0.12
folder=${1:?a folder}
[ -e "$folder/complete" ] && exit 0
command -v dotnet > /dev/null || { echo "there is no dotnet: the tests against PowerShell take the .NET SDK 10" >&2; exit 1; }
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
work=$folder.new
rm -rf "$work" "$folder"
mkdir -p "$work"

dotnet tool install --tool-path "$work/tool" PowerShell --version "$powershell"
dotnet build "$here/peer.csproj" -c Release -o "$work/canned" "-p:BaseIntermediateOutputPath=$work/obj/" -v q
packages=${NUGET_PACKAGES:-$HOME/.nuget/packages}
for framework in NETCore WindowsDesktop; do
  into=$work/dotnet/shared/Microsoft.$framework.App/$net
  from=$packages/microsoft.${framework,,}.app.runtime.win-x64/$net/runtimes/win-x64
  mkdir -p "$into"
  find "$from/native" "$from/lib/net10.0" -maxdepth 1 -type f -exec cp -t "$into" {} +
done
mkdir -p "$work/dotnet/host/fxr/$net"
mv "$work/dotnet/shared/Microsoft.NETCore.App/$net/hostfxr.dll" "$work/dotnet/host/fxr/$net"
mv "$work/tool/.store/powershell/$powershell/powershell/$powershell/tools/net10.0/any/win" "$work/powershell"
# They end in errors on Wine; stand-ins.ps1 has what of them is needed.
rm -rf "$work/powershell/Modules/CimCmdlets" "$work/powershell/Modules/Microsoft.PowerShell.Diagnostics"
rm -rf "$work/tool" "$work/obj"
touch "$work/complete"
mv "$work" "$folder"
