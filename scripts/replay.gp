# SPDX-License-Identifier: GPL-2.0-only
# replay.gp NAME: NAME.svg and NAME.png of NAME.dat, what contestants hold while a trace is replayed; and
# below it over what is live.
# The columns are time, live, and then for each contestant what it holds merged and unmerged.
data = ARG1 . ".dat"
stats data skip 1 nooutput
set grid
# Both panels as wide, with room for the key beside the upper one.
set key outside right top noenhanced
set lmargin 10
set rmargin 28
columns = STATS_columns
held = "plot data using 1:2 with filledcurves y1=0 fillcolor rgb '#dddddd' title 'live bytes'"
ratio = "plot"
do for [i=3:columns] {
	style = sprintf("with lines linewidth 1.5 linecolor %d dashtype %d", (i - 1) / 2, i % 2 ? 1 : 3)
	held = held . sprintf(", '' using 1:%d %s title columnhead(%d)", i, style, i)
	ratio = ratio . (i > 3 ? "," : "") . \
		sprintf(" data using 1:($2 > 0 ? $%d / $2 : NaN) %s notitle", i, style)
}
do for [kind in "svg png"] {
	if (kind eq "svg") { set terminal svg size 1000,800 background "white" } else { set terminal pngcairo size 1000,800 }
	set output ARG1 . "." . kind
	set multiplot layout 2,1
	set title ARG1[strstrt(ARG1, "/replay/") + 8:] noenhanced
	unset xlabel
	set ylabel "MiB"
	unset logscale y
	set yrange [0:*]
	eval held
	unset title
	set xlabel "seconds of the recording"
	set ylabel "held over live bytes"
	# It is many times more where hardly anything is live.
	set logscale y
	set yrange [1:*]
	eval ratio
	unset multiplot
}
