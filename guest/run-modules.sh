# SPDX-License-Identifier: GPL-2.0-only
# Load the test modules that slub.modules= names, one after the other; their results are in the
# kernel's log. (The suites of KUnit have run before, if kunit.enable=1.)

# Many a test refuses to stay loaded, and busybox's insmod, which its shell prefers to any in $PATH,
# would try a second time.
ln -sf kmod /bin/insmod
insmod() { /bin/insmod "$@"; }

for module in $(parameter modules | tr , ' '); do
	echo "--- $module"
	case $module in
	rcutorture)
		insmod /bin/torture.ko
		insmod /bin/rcutorture.ko stat_interval=5
		sleep 20
		rmmod rcutorture ;;
	kasan_test)
		# What KFENCE serves KASAN does not see.
		echo 0 >/sys/module/kfence/parameters/sample_interval
		insmod /bin/kasan_test.ko
		echo 100 >/sys/module/kfence/parameters/sample_interval ;;
	*)
		insmod "/bin/$module.ko" 2>/dev/null ;;
	esac
done
true
