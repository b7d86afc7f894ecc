# SPDX-License-Identifier: GPL-2.0-only
# replay.gp NAME: NAME.svg and NAME.png of NAME.dat, what contestants hold while a trace is replayed.
# The columns are time, live, and then for each contestant what it holds merged and unmerged.
data = ARG1 . ".dat"
stats data skip 1 nooutput
set title ARG1[strstrt(ARG1, "/replay/") + 8:] noenhanced
set xlabel "seconds of the recording"
set ylabel "MiB"
set yrange [0:]
set key top left noenhanced
set grid
plots = "plot data using 1:2 with filledcurves y1=0 fillcolor rgb '#dddddd' title 'live bytes'"
do for [i=3:STATS_columns] {
	plots = plots . sprintf(", '' using 1:%d with lines linewidth 1.5 linecolor %d dashtype %d title columnhead(%d)", i, (i - 1) / 2, i % 2 ? 1 : 3, i)
}
set terminal svg size 1000,500 background "white"
set output ARG1 . ".svg"
eval plots
set terminal pngcairo size 1000,500
set output ARG1 . ".png"
eval plots
