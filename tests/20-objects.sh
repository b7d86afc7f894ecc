#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The allocator's objects compile without a warning on other architectures and configurations.
. "$(dirname "$0")/lib.sh"

tree=$("$SLUB_REPO/scripts/tree.sh")
hash=$(hash_of <(tree_code) /usr/src/linux-config-6.1/config.amd64_none_amd64.xz)

# kernel ARCH COMPILER ARGUMENT...: the kernel's make for this target
kernel() {
	local prefix=$2
	[ "$prefix" != native ] || prefix=
	kernel_make "$tree" "$out" ARCH="$1" CROSS_COMPILE="$prefix" CC="ccache ${prefix}gcc" "${@:3}"
}

# compile ARCH COMPILER BASE OPTION...: +NAME sets an option of BASE, -NAME unsets it; +SLUB is there
# without +SLAB. Preemptible kernels and SLOB are not among these: they are built to be booted.
compile() {
	local arch=$1 compiler=$2 base=$3 option
	shift 3
	[[ " $* " = *" +SLAB "* ]] || set -- "$@" +SLUB
	if [ "$base" = debian ]; then
		xzcat /usr/src/linux-config-6.1/config.amd64_none_amd64.xz >"$out/.config"
	else
		kernel "$arch" "$compiler" "$base"
	fi
	for option in "$@"; do
		case $option in
		+*) "$tree/scripts/config" --file "$out/.config" -e "${option#+}" ;;
		-*) "$tree/scripts/config" --file "$out/.config" -d "${option#-}" ;;
		esac
	done
	kernel "$arch" "$compiler" olddefconfig
	for option in "$@"; do
		case $option in
		+*) grep "^CONFIG_${option#+}=y" "$out/.config" || die "$option was not granted" ;;
		-*) ! grep "^CONFIG_${option#-}=" "$out/.config" || die "$option was not granted" ;;
		esac
	done
	# All of them anew: of an object that is there make has no more to say.
	rm -f $(slab_objects "$tree" "$out" | sed "s,mm/,$out/&,g")
	kernel "$arch" "$compiler" -j"$jobs" $(slab_objects "$tree" "$out") 2>&1 | tee "$out/warnings"
	# <stdin> is the kernel's list of system calls that an architecture lacks.
	! grep -F warning: "$out/warnings" | grep -v '^<stdin>'
}

while read -r name arguments; do
	case $name in '' | '#'*) continue ;; esac
	out=$BUILD/objects/$name
	mkdir -p "$out"
	# The kernel's make prepares its directory in one process, mostly: work on several at a time.
	beside unless_unchanged "objects $name" "$hash $arguments" compile $arguments
done <<'E'
# name            architecture  compiler                base and options
debian-amd64      x86_64        native                  debian
arm64             arm64         aarch64-linux-gnu-      defconfig
arm64-tags        arm64         aarch64-linux-gnu-      defconfig +EXPERT -ZONE_DMA +KASAN +KASAN_HW_TAGS
riscv64           riscv         riscv64-linux-gnu-      defconfig
ppc64le           powerpc       powerpc64le-linux-gnu-  ppc64le_defconfig
s390x             s390          s390x-linux-gnu-        defconfig
# 6.1 gives sparc64 no ZONE_DMA, and sparc32 always
sparc64           sparc         sparc64-linux-gnu-      sparc64_defconfig -SLAB -ZONE_DMA
sparc32           sparc         sparc64-linux-gnu-      sparc32_defconfig -SLAB +ZONE_DMA
armhf             arm           arm-linux-gnueabihf-    multi_v7_defconfig
i386              i386          native                  i386_defconfig
x86-up            x86_64        native                  x86_64_defconfig -SMP
x86-flat          x86_64        native                  x86_64_defconfig -NUMA
x86-tiny          x86_64        native                  tinyconfig -SLOB
x86-no-printk     x86_64        native                  tinyconfig -SLOB -PRINTK +SYSFS +PROC_FS +SLUB_DEBUG
x86-no-debug      x86_64        native                  x86_64_defconfig +EXPERT -SLUB_DEBUG -ZONE_DMA
x86-hardened      x86_64        native                  x86_64_defconfig +SLAB_FREELIST_RANDOM +SLAB_FREELIST_HARDENED +HARDENED_USERCOPY +MEMCG +DEBUG_KMEMLEAK +FAULT_INJECTION +FAILSLAB
x86-kasan         x86_64        native                  x86_64_defconfig +KASAN +KFENCE
x86-slab          x86_64        native                  x86_64_defconfig -SLUB +SLAB +MEMCG
arm64-slab-tags   arm64         aarch64-linux-gnu-      defconfig -SLUB +SLAB +KASAN +KASAN_SW_TAGS
x86-kcsan         x86_64        native                  x86_64_defconfig +DEBUG_KERNEL +KCSAN
E
wait
