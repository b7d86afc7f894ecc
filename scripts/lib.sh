# SPDX-License-Identifier: GPL-2.0-only
# Common to all scripts: where things are, messages, timed steps, the lock.

set -eEuo pipefail
export LC_ALL=C
# What the user gave to our make must not reach the kernel's.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL CDPATH
# Nor may a hook's repository, or the user's settings, be where our git works.
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_COMMON_DIR GIT_PREFIX
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1

say() { printf '%s\n' "$*" >&2; }
# Status 3: the error has been explained.
die() { say "error: $*"; exit 3; }
unforeseen() {
	local status=$?
	[ $status -eq 3 ] || die "${0##*/}, line $1: status $status from: $BASH_COMMAND"
	exit 3
}
trap 'unforeseen $LINENO' ERR

# run COMMAND...: run a command or function; any failure in it ends it; its status is in $status.
# (In a condition, "if f" or "f ||", the shell would go on after failures inside f.)
run() {
	trap - ERR
	set +e
	(set -e; "$@")
	status=$?
	set -e
	trap 'unforeseen $LINENO' ERR
}

# writable_dir DIR: create it if need be, and print its full path
writable_dir() {
	case $1 in *[[:space:]:]*)
		die "directory name with a blank or a colon: '$1'; the kernel's make cannot work with it" ;;
	esac
	{ mkdir -p "$1" && [ -w "$1" ]; } 2>/dev/null ||
		die "cannot write to directory $1; choose another with CACHE= or BUILD="
	realpath "$1"
}

if [ -z "${SLUB_REPO:-}" ]; then
	SLUB_REPO=$(realpath "$(dirname "${BASH_SOURCE[0]}")/..")
	CACHE=$(writable_dir "${CACHE:-${XDG_CACHE_HOME:-${HOME:?is not set; choose CACHE=}/.cache}/slub}")
	BUILD=$(writable_dir "${BUILD:-$CACHE/build}")
	# It will be cleaned one day: nothing of the user's may be in there.
	[ -e "$BUILD/.lock" ] || [ -z "$(ls -A "$BUILD")" ] ||
		die "BUILD=$BUILD is not empty, and was not made by us; choose another"
	touch "$BUILD/.lock"
	for dir in "$SLUB_REPO" "$CACHE" "$BUILD"; do
		case $dir in *[[:space:]:]*)
			die "directory name with a blank or a colon: '$dir'; the kernel's make cannot work with it" ;;
		esac
	done
	mkdir -p "$BUILD/log" "$BUILD/tmp"
	export SLUB_REPO CACHE BUILD
fi
export TMPDIR=$BUILD/tmp CCACHE_DIR=$CACHE/ccache
jobs=$(nproc)

# lock: hold the build directory until this script and its children have ended
lock() {
	[ -z "${SLUB_LOCKED:-}" ] || return 0
	exec 9>"$BUILD/.lock"
	if ! flock -n 9; then
		say "waiting for another run that uses $BUILD ..."
		flock 9
	fi
	export SLUB_LOCKED=1
}

# positive NAME=VALUE...: each is a number of 1 or more
positive() {
	local number
	for number; do
		[[ $number =~ ^[A-Z]+=[1-9][0-9]*$ ]] || die "$number: not a positive number"
	done
}

# put FROM TO: make TO what FROM is: written anew only if different, gone if FROM is absent
put() {
	if [ ! -e "$1" ]; then
		rm -f "$2"
	elif ! cmp -s "$1" "$2"; then
		mkdir -p "${2%/*}"
		cp "$1" "$2.part"
		mv "$2.part" "$2"
	fi
}

# need_space DIR MEGABYTES: fail now rather than half way
need_space() {
	local free
	free=$(df -Pm "$1" | awk 'NR == 2 { print $4 }')
	[ "$free" -ge "$2" ] ||
		die "not enough disk space in $1: $2 MB needed, $free MB free; make room, or choose another place with CACHE= or BUILD="
}

# Show what a running step is at: elapsed time and the last line of its log.
show_progress() {
	local label=$1 log=$2 start=$SECONDS width
	width=$(($(tput cols 2>/dev/null || echo 80) - ${#label} - 12))
	# It ends with the script that it belongs to, however that ends.
	while sleep 0.5 && kill -0 $$ 2>/dev/null; do
		printf '\r\033[K%s ... %d s  %.*s' "$label" $((SECONDS - start)) "$width" \
			"$(tail -c 400 "$log" | tr -d '\r\033' | tail -n 1)" >&2
	done
}

# step LABEL LOG COMMAND...: run a long command, its output in $BUILD/log/LOG
step() {
	local label=$1 log=$BUILD/log/$2 start=$SECONDS ticker='' status
	shift 2
	: >"$log"
	if [ -t 2 ]; then
		show_progress "$label" "$log" &
		ticker=$!
	fi
	run "$@" >"$log" 2>&1 </dev/null
	if [ -n "$ticker" ]; then
		kill "$ticker"; wait "$ticker" 2>/dev/null || :
		printf '\r\033[K' >&2
	fi
	[ $status -eq 0 ] || step_failed "$label" "$log" $status
	say "$label: $((SECONDS - start)) s"
}

# show_end LOG: what in it tells why; with several jobs at once that need not be its end
show_end() {
	head -n -10 "$1" | grep -E 'error:|undefined reference|\*\*\*' | head -n 10 >&2 || :
	tail -n 10 "$1" >&2
}

step_failed() {
	local label=$1 log=$2 status=$3
	show_end "$log"
	if grep -qE "No space left on device|don't have enough free space" "$log"; then
		die "$label: disk full; make room, or choose another place with CACHE= or BUILD="
	fi
	die "$label failed (status $status); its end is above, all of it in $log; after 'make clean' it starts afresh"
}

# kernel_make TREE OUT ARGUMENT...: the kernel's make, its environment nothing but ours.
# Absolute names made relative, and no directory in the hash: build directories share ccache. But debug
# information names it, and who reads that takes a struct for several if it came from several ones.
# It does not see that piggy.S includes the compressed kernel, and one of the same length would do
# for it: the kernel's hash is among the arguments.
kernel_make() {
	local tree=$1 out=$2 shared=(CCACHE_NOHASHDIR=1)
	shift 2
	! grep -qs '^CONFIG_DEBUG_INFO=y' "$out/.config" || shared=()
	set -- 'AFLAGS_piggy.o=-DKERNEL_$(firstword $(shell sha256sum $(obj)/vmlinux.bin.*))' "$@"
	env -i PATH="$PATH" LC_ALL=C TMPDIR="$TMPDIR" CCACHE_DIR="$CCACHE_DIR" \
		CCACHE_BASEDIR="$BUILD" "${shared[@]}" CCACHE_DEPEND=1 CCACHE_MAXSIZE=3G \
		KBUILD_BUILD_USER=slub KBUILD_BUILD_HOST=slub KBUILD_BUILD_VERSION=1 \
		KBUILD_BUILD_TIMESTAMP=2026-11-22 \
		make -C "$tree" O="$out" ${SLUB_ARCH:+ARCH="$SLUB_ARCH"} CC="ccache gcc" HOSTCC="ccache gcc" "$@"
}

# slab_objects TREE OUT: the allocator's objects in OUT's configuration
slab_objects() {
	make -s -f - slab-objects <<-END
		include $2/.config
		include $1/mm/Makefile
		# An object made of others stands for these.
		parts = \$(or \$(\$(1:.o=-y)),\$(1))
		slab-objects: ; @echo \$(addprefix mm/,\$(foreach o,\$(filter slub% slab% slob%,\$(obj-y)),\$(call parts,\$o)))
	END
}

# tree_of ALLOC: the source that this allocator is built from
tree_of() {
	case $1 in
	slub | slab | slob) "$SLUB_REPO/scripts/tree.sh" ;;
	stock-slub) "$SLUB_REPO/scripts/source.sh" ;;
	*) die "no allocator '$1'; ALLOC is one of slub, stock-slub, slab, slob" ;;
	esac
}

# pack DIR IMAGE: an initramfs; the same content makes the same image
pack() {
	find "$1" -exec touch -h -d @0 {} +
	(cd "$1" && find . | sort | cpio --quiet --reproducible -o -H newc --owner 0:0) >"$2"
}

# patched_kernel PATCH OUT: build OUT's bzImage from the tree with a patch more, until restore_tree
patched_kernel() {
	local other
	other=$(git apply --numstat "$1" | cut -f3 | { grep -vxFf "$BUILD/series.git.files" || :; } | xargs)
	[ -z "$other" ] || die "${1##*/} changes more than the series does: $other"
	GIT_CEILING_DIRECTORIES=$BUILD git -C "$BUILD/tree" apply "$1"
	kernel_make "$BUILD/tree" "$2" -j"$jobs" bzImage
}
restore_tree() { "$SLUB_REPO/scripts/tree.sh" >/dev/null; }

QEMU=${QEMU:-qemu-system-x86_64}
find_qemu() {
	command -v "$QEMU" >/dev/null ||
		die "no QEMU: there is no $QEMU; install the Debian package qemu-system-x86, or name it with QEMU="
}

# source_version RELEASE: of Debian's kernel source
source_version() { dpkg-query -W -f '${Version}' "linux-source-$1"; }

# kernel_of OUT: the version of the kernel that is configured there
kernel_of() { sed -n 's,^# Linux/[^ ]* \([^ ]*\) Kernel Configuration$,\1,p' "$1/.config"; }

# about: what a measurement depends on, KEY=VALUE in a line
about() {
	echo "source=linux-source-6.1 $(source_version 6.1)"
	echo "compiler=$(gcc --version | head -n 1)"
	echo "processor=$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)"
	echo "commit=$(git -C "$SLUB_REPO" describe --always --dirty --exclude='*' 2>/dev/null || echo unknown)"
}

# read_contestants DEFAULT...: into the array contestants, what CONTESTANTS= says or these
read_contestants() {
	read -ra contestants <<<"${CONTESTANTS:-$*}"
}

# none_twice CONTESTANT...: each has a name of its own
none_twice() {
	local twice
	twice=$(printf '%s\n' "${@%%=*}" | sort | uniq -d | head -n 1)
	[ -z "$twice" ] || die "contestant '$twice' is there twice; give one of them another name, as NAME=DIR"
}
