# SPDX-License-Identifier: GPL-2.0-only
# The user's tools: both formats of /proc/slabinfo and the switch between them, and what reads it,
# sysfs or the kmem events. Results as TAP. slub.version= is what the command line has asked for, and
# slub.expect= what /proc/slabinfo shall be in at first. With slub.only=switch nothing else is looked at,
# with slub.only=activity only what there is of CONFIG_SLUB_STATS.

switch=/proc/sys/vm/slabinfo_version
cd /tmp || return

# check NAME COMMAND...: ok if it succeeds; else what it has said is shown
check() {
	local name=$1
	shift
	if "$@" >said 2>&1 </dev/null; then
		result ok "$name"
	else
		result "not ok" "$name"
		tail -n 12 said | sed 's/^/#   /'
	fi
}

skip() { result ok "$1 # SKIP $2"; }

# ---- Before anybody has looked into /sys/kernel/slab ----

nodes() { awk '$1 == "kernfs_node_cache" { print $2 }' /proc/slabinfo; }

# A directory's files are made when one of them is looked for, by name or by reading the directory.
made_when_looked_for() {
	local before by_name read
	before=$(nodes)
	cat /sys/kernel/slab/kmalloc-64/object_size || return
	by_name=$(nodes)
	ls /sys/kernel/slab/kmalloc-96/ || return
	read=$(nodes)
	ls /sys/kernel/slab/kmalloc-64/ /sys/kernel/slab/kmalloc-96/ || return
	echo "nodes: $before $by_name $read $(nodes)"
	[ $((by_name - before)) -gt 20 ] && [ $((read - by_name)) -gt 20 ] && [ $(($(nodes) - read)) -lt 20 ]
}

# ---- The switch ----

version() { sed -n '1s/.* - version: //p' "${1:-/proc/slabinfo}"; }
choose() { echo "$1" >$switch && [ "$(version)" = "$1" ] && [ "$(cat $switch)" = "$1" ]; }

first_format() { version && [ "$(version)" = "$(parameter expect)" ]; }

said_at_boot() {
	dmesg | grep 'SLUB: slabinfo_version='
	[ "$(dmesg | grep -c "SLUB: slabinfo_version=$(parameter version) refused: neither 1.0 nor 2.1; using 1.0")" -eq "$1" ]
}

# Written one at a time, as a user would; the shell says nothing but that the write has failed.
bad_versions() {
	local bad before
	for before in 1.0 2.1; do
		choose $before || return
		for bad in 0 1 2 2.0 2.10 1.0.0 21 2.1x " 2.1" "2.1 " -1 "" slabinfo 2.1111111111111111111; do
			echo "with $before: '$bad'"
			! echo "$bad" >$switch || return
			[ "$(cat $switch)" = $before ] && [ "$(version)" = $before ] || return
		done
	done
	# The error is EINVAL.
	choose 1.0 && echo 3 2>&1 >$switch | grep 'Invalid argument'
}

heading_2_1() {
	choose 2.1 || return
	head -n 2 /proc/slabinfo >heading
	cat >wanted <<-'END'
		slabinfo - version: 2.1
		# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab> : tunables <limit> <batchcount> <sharedfactor> : slabdata <active_slabs> <num_slabs> <sharedavail>
	END
	diff wanted heading
}

# lines_are VERSION FILE: from the third on
lines_are() {
	sed 1,2d "$2" | awk -v version="$1" '
		version == "2.1" { good = NF == 16 && $7 == ":" && $8 == "tunables" && $12 == ":" && $13 == "slabdata" }
		version == "1.0" { good = NF >= 5 && $5 ~ /^[0-9]+\/[0-9]+\/[0-9]+$/ }
		!good { print; bad++ }
		END { print NR, "lines"; exit bad || NR < 30 }'
}

# Open, read the first line, switch, read the rest: that is more than the kernel has in its buffer.
amid_a_read() {
	local from to line
	for from in 1.0 2.1; do
		to=$([ $from = 1.0 ] && echo 2.1 || echo 1.0)
		choose $from || return
		{
			read -r line
			echo "$line" >mixed
			choose $to || return
			cat >>mixed
		} </proc/slabinfo
		[ "$(version mixed)" = $from ] && lines_are $from mixed || return
		[ "$(version)" = $to ] || return
	done
}

# Read one after the other the two differ by little: this shell is not alone.
formats_agree() {
	choose 1.0 && cat /proc/slabinfo >own && lines_are 1.0 own &&
		choose 2.1 && cat /proc/slabinfo >old && lines_are 2.1 old || return
	awk 'FNR <= 2 { next }
	     NR == FNR { split($5, slabs, "/"); names = names " " $1
			 objects[$1] = $2; order[$1] = $3; size[$1] = $4; count[$1] = slabs[1]; sum += $2; next }
	     { other = other " " $1; caches++; old_sum += $2 }
	     size[$1] != $4 || pages(order[$1]) != $6 || $2 > $3 || $14 != $15 { print "wrong: " $0; bad++ }
	     objects[$1] == $2 && count[$1] == $15 { same++ }
	     END { printf "%d caches, %d the same; %d objects, %d objects\n", caches, same, sum, old_sum
		   exit bad || names != other || same < 0.6 * caches || !near(sum, old_sum) }
	     function pages(order) { return order > 0 ? 2 * pages(order - 1) : 1 }
	     function near(a, b) { return a > 0 && a - b < 0.05 * a && b - a < 0.05 * a }' own old
}

the_switch() {
	check "switch: format at boot" first_format
	if [ "$(parameter version)" = "$(parameter expect)" ]; then
		check "switch: no complaint at boot" said_at_boot 0
	else
		check "switch: complaint at boot" said_at_boot 1
	fi
	check "switch: bad versions" bad_versions
	check "switch: heading of 2.1" heading_2_1
	check "switch: amid a read" amid_a_read
	check "switch: the formats agree" formats_agree
}

# ---- slabtop, vmstat ----

# about A B: are they within 5 % of each other?
about() { echo "$1, $2" && awk -v a="$1" -v b="$2" 'BEGIN { exit !(a > 0 && a - b < 0.05 * a && b - a < 0.05 * a) }'; }

# total COLUMN: its sum over /proc/slabinfo
total() { awk -v column="$1" 'NR > 2 { sum += $column } END { print sum + 0 }' /proc/slabinfo; }

slabtop_totals() {
	local active
	choose 2.1 && TERM=dumb slabtop -o >top || return
	head -n 12 top
	active=$(sed -n 's,.*Active / Total Objects.*: *\([0-9]*\) / .*,\1,p' top)
	about "${active:-0}" "$(total 2)" && grep -qE ' dentry *$' top
}

vmstat_caches() {
	choose 2.1 && vmstat -m >stat || return
	head -n 5 stat
	cat /proc/slabinfo >old
	# The first 24 letters of a name, objects in use and all, size, objects a slab; now and then a heading.
	awk 'NR == FNR { if (FNR > 2) { name = substr($1, 1, 24); objects[name] = $2; size[name] = $4; caches++ } next }
	     $1 in size { seen++; if (size[$1] != $4) bad++; sum += $2; other += objects[$1] }
	     END { printf "%d of %d caches; %d objects, %d objects\n", seen, caches, sum, other
		   exit bad || seen != caches || sum > 1.05 * other || other > 1.05 * sum }' old stat
}

# ---- slabinfo of the kernel's tree: sysfs ----

# ordered COLUMN [PART]: is it in descending order, below one line of heading? (a/b/c has parts.)
ordered() {
	awk -v column="$1" -v part="${2:-1}" '
		NR > 1 { split($column, parts, "/"); if (NR > 2 && parts[part] + 0 > last) { print; bad = 1 } last = parts[part] + 0 }
		END { exit bad || NR < 10 }' said-slabinfo
}

# tool OPTION...: run it, keep what it says; with -d, -s or -v that is nothing
tool() {
	slabinfo "$@" >said-slabinfo && cat said-slabinfo || return
	case $1 in -d | -s | -v) [ ! -s said-slabinfo ] ;; *) [ -s said-slabinfo ] ;; esac
}

# slabinfo reads the files of a cache one after the other: what comes and goes just then may have more
# objects than its slabs hold, which makes a loss that is less than nothing. So look again.
tool_sorted() {
	local column=$1 part=$2 tries=0
	shift 2
	until tool "$@" && ordered "$column" "$part"; do
		tries=$((tries + 1))
		[ $tries -lt 3 ] || return
	done
}

tool_totals() {
	choose 1.0 && tool -T -B || return
	about "$(awk '/^#Objects/ { print $NF }' said-slabinfo)" "$(total 2)" &&
		about "$(awk '/^#Slabs/ { print $NF }' said-slabinfo)" "$(total 5)"
}

# Name Objects Objsize Space Slabs/Part/Cpu: slabs are those that no CPU owns.
tool_list() {
	choose 1.0 && tool -l -z -B || return
	about "$(awk 'NR > 1 { sum += $2 } END { print sum }' said-slabinfo)" "$(total 2)" &&
		about "$(awk 'NR > 1 { split($5, n, "/"); sum += n[1] + n[3] } END { print sum }' said-slabinfo)" "$(total 5)"
}

tool_nodes() {
	choose 1.0 && tool -n -B || return
	about "$(awk '/^Slab |^---/ || !NF { next } { for (i = 2; i <= NF; i++) sum += $i } END { print sum }' said-slabinfo)" \
		"$(total 5)"
}

tool_lines() { tool -N 5 -S && [ "$(wc -l <said-slabinfo)" -eq 6 ]; }
tool_unreclaimable() { tool -U && ! grep -w dentry said-slabinfo && grep -w 'kmalloc-64\|kmalloc-192' said-slabinfo; }
tool_report() { tool -r '^kmalloc-64$' && grep -qE 'Slabcache: .*Objects: [1-9]' said-slabinfo; }
tool_empty() { tool -e && ! grep -w dentry said-slabinfo; }

# Every name that a merged cache also goes by is an alias here.
tool_aliases() {
	local name
	tool -a -1 || return
	for name in $(sed 's/^[^:]*://' /sys/kernel/debug/slab/aliases); do
		grep -qwF -e "$name" said-slabinfo || { echo "no $name"; return 1; }
	done
}

tool_activity() {
	tool -D -A || return
	awk 'NR > 1 { if (NR > 2 && $3 + $4 > last) bad = 1; last = $3 + $4; allocs += $3; frees += $4 }
	     END { exit bad || allocs <= 0 || frees <= 0 }' said-slabinfo
}

slabinfo_tool() {
	local mode
	if [ ! -d /sys/kernel/slab ]; then
		skip "slabinfo" "no /sys/kernel/slab in this kernel"
		return
	fi
	for mode in -h "" -a -A -B -D -e -f -i -l -L -n -o -P -r -S -t -T -U -X -z -1 "-a -i" -d "-t ^kmalloc-" -v -s; do
		# shellcheck disable=SC2086 # two words
		check "slabinfo ${mode:-without options}" tool $mode
	done
	check "slabinfo -T: totals" tool_totals
	check "slabinfo -l: totals" tool_list
	check "slabinfo -n: totals" tool_nodes
	check "slabinfo -S: order" tool_sorted 4 1 -S -B
	check "slabinfo -L: order" tool_sorted 4 1 -L -B
	check "slabinfo -P: order" tool_sorted 5 2 -P
	check "slabinfo -N: lines" tool_lines
	check "slabinfo -U: no dentries" tool_unreclaimable
	check "slabinfo -e: no dentries" tool_empty
	check "slabinfo -r: objects" tool_report
	check "slabinfo -a: aliases" tool_aliases
}

# ---- The kmem events ----

perf_stat() {
	local event
	perf stat -a -x, -o counts -e 'kmem:*' hackbench -g 1 -l 10 || return
	grep -v ',0,' counts
	for event in kmalloc kfree kmem_cache_alloc kmem_cache_free; do
		grep -qE "^[1-9][0-9]*,.*kmem:$event," counts || { echo "no $event"; return 1; }
	done
}

perf_kmem() {
	perf kmem record hackbench -g 1 -l 10 && perf kmem --caller --alloc -l 5 stat >kmem 2>&1 || return
	grep -E '^(Total|Internal)' kmem
	grep -qE '^Total bytes requested: *[1-9]' kmem && grep -qE '^Total bytes allocated: *[1-9]' kmem
}

trace_cmd() {
	local event
	trace-cmd record -e kmem -o trace.dat hackbench -g 1 -l 10 >/dev/null &&
		trace-cmd report -i trace.dat >trace || return
	tail -n 5 trace
	for event in kmalloc kfree kmem_cache_alloc kmem_cache_free; do
		grep -q " $event: .*ptr=" trace || { echo "no $event"; return 1; }
	done
}

everything() {
	check "slabtop -o" slabtop_totals
	check "vmstat -m" vmstat_caches
	choose 1.0
	slabinfo_tool
	check "perf stat -e kmem:*" perf_stat
	check "perf kmem" perf_kmem
	check "trace-cmd -e kmem" trace_cmd
}

echo "# Subtest: tools"
case $(parameter only) in
switch) the_switch ;;
activity) check "slabinfo -D: activity" tool_activity ;;
*) check "sysfs: files are made when looked for" made_when_looked_for; the_switch; everything ;;
esac
echo "1..$number"
cd /
return $failed
