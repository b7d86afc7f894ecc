#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# deps.sh SECTION...: install what packages.list names in these sections.
. "$(dirname "$0")/lib.sh"

wanted() {
	local section
	for section; do
		awk -v s="[$section]" '/^\[/ { on = $0 == s; next } on && /^[^#]/' "$SLUB_REPO/packages.list"
	done
}

installed() { dpkg-query -W -f '${Package} ${db:Status-Status}\n' | sed -n 's/ installed$//p'; }

install_packages() {
	local root=$1
	shift
	local wait=-oDPkg::Lock::Timeout=600
	$root apt-get $wait -q update
	$root env DEBIAN_FRONTEND=noninteractive apt-get $wait -q -y install --no-install-recommends "$@"
}

command -v dpkg-query >/dev/null || die "this is not Debian: install by hand what packages.list names"
missing=$(comm -23 <(wanted "$@" | sort -u) <(installed | sort -u) | xargs)
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
	root=
elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
	sudo -v
	root=sudo
else
	die "missing packages, and neither root nor sudo to install them; as root run: apt-get install $missing"
fi
step "Installing $(wc -w <<<"$missing") packages" packages.log install_packages "$root" $missing
