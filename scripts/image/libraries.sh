#!/bin/sh
# Copies what a program is linked with, and what tells people and scanners which system that is from, into a root file system:
# libraries.sh ROOT PROGRAM, the program being in ROOT already.
set -eu
root=$1
program=$root/$2

copy() { # a file, to the same place, as the file it may link to
  mkdir -p "$root$(dirname "$1")"
  cp -L "$1" "$root$1"
}

libraries=$(ldd "$program" | sed -n 's#^[^/]*\(/[^ ]*\) (0x.*#\1#p')
for library in $libraries; do copy "$library"; done
copy /etc/os-release
# One file for each package that something was taken from: scanners look there for what has been found to be unsafe.
mkdir -p "$root/var/lib/dpkg/status.d"
for library in $libraries; do
  package=$(dpkg-query --search "$(readlink -f "$library")" "$library" "${library#/usr}" "/usr$library" 2>/dev/null | head -n 1 | cut -d: -f1)
  [ -z "$package" ] || dpkg-query --status "$package" >"$root/var/lib/dpkg/status.d/$package"
done

mkdir -p "$root/etc" "$root/tmp"
chmod 1777 "$root/tmp"
echo 'comanda:x:65532:65532::/tmp:/sbin/nologin' >"$root/etc/passwd"
echo 'comanda:x:65532:' >"$root/etc/group"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
