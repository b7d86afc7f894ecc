# SPDX-License-Identifier: GPL-2.0-only
# Run the programs that slub.programs= names; they print their results as TAP.

for program in $(parameter programs | tr , ' '); do
	echo "# Subtest: $program"
	"$program" || failed=1
done
return $failed
