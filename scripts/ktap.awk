# SPDX-License-Identifier: GPL-2.0-only
# Test results in a console's log, one line each: "ok NAME", "not ok NAME - why", "skip NAME - why".
# -v label=TEXT goes before each name; -v indent=BLANKS is how far the cases are indented
# (four for KUnit's). A suite that has no plan, or ends before that is fulfilled, counts as a failed test.

function finish() {
	if (suite != "" && (!plan || seen < plan))
		print "not ok " label suite " - only " seen " of " plan " cases ran"
	suite = ""
}

{ sub(/^\[ *[0-9.]+\] /, "") }

$0 ~ "^" indent "# Subtest: " { finish(); suite = $3; seen = plan = 0 }

suite != "" && $0 ~ "^" indent "1\\.\\.[0-9]+$" { plan = substr($1, 4) + 0 }

suite != "" && $0 ~ "^" indent "(not )?ok [0-9]+ " {
	seen++
	name = $0
	sub(/^ *(not )?ok [0-9]+ (- )?/, "", name)
	reason = name
	sub(/ *#.*/, "", name)
	if (reason ~ /# SKIP/)
		print "skip " label suite "/" name " - " substr(reason, index(reason, "# SKIP") + 7)
	else if ($1 == "ok")
		print "ok " label suite "/" name
	else
		print "not ok " label suite "/" name " - see the console's log"
}

END { finish() }
