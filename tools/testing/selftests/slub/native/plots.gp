# SPDX-License-Identifier: GPL-2.0-only
# gnuplot -e 'data="FILE.tsv"; picture="FILE.svg"; kind="svg"; title="TITLE"; bars=3' plots.gp
# A group of bars for each row of the data, a bar for each column but the first.
set terminal kind size 1600,800 font "sans,11"
set output picture
set title title
set datafile separator tab
set style data histograms
set style histogram clustered gap 1
set style fill solid 0.9
set boxwidth 0.9
set xtics rotate by -60 nomirror
set grid ytics
set logscale y 2
set key top left
plot for [i = 2:bars + 1] data using i:xtic(1) title columnheader(i)
