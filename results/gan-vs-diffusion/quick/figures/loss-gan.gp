# Draws loss-gan.svg and loss-gan.png from loss-gan.tsv: gnuplot loss-gan.gp
set encoding utf8
set datafile separator "\t"
set terminal svg size 480,366 dynamic font "DejaVu Sans,13" linewidth 1 background "#ffffff" noenhanced
set output "loss-gan.svg"
set border 3 linecolor rgb "#5f6368"
set tics nomirror out scale 0.6 textcolor rgb "#3c4043"
set grid ytics linecolor rgb "#e4e6e9" linetype 1 linewidth 1
set xlabel textcolor rgb "#3c4043"
set ylabel textcolor rgb "#3c4043"
set key at screen 0.5, screen 0.01 center bottom horizontal maxcols 2 Left reverse samplen 1.8 width 1
set key spacing 1.15 textcolor rgb "#202124"
set bmargin at screen 0.37158469945355194
set style fill transparent solid 0.18 noborder
set xrange [0:100]
set xtics 20
set xlabel 'share of the budget (%)'
set ylabel 'loss'
set yrange [0.04094475999999994:3.17974324]
plot 'loss-gan.tsv' index 0 using 1:3:4 with filledcurves linecolor rgb '#0072B2' notitle, \
  'loss-gan.tsv' index 0 using 1:2 with lines linewidth 2 dashtype 1 linecolor rgb '#0072B2' title 'discriminator', \
  'loss-gan.tsv' index 1 using 1:3:4 with filledcurves linecolor rgb '#202124' notitle, \
  'loss-gan.tsv' index 1 using 1:2 with lines linewidth 2 dashtype 1 linecolor rgb '#202124' title 'generator', \
  'loss-gan.tsv' index 2 using 1:3:4 with filledcurves linecolor rgb '#B08D57' notitle, \
  'loss-gan.tsv' index 2 using 1:2 with lines linewidth 2 dashtype 1 linecolor rgb '#B08D57' title 'real', \
  'loss-gan.tsv' index 3 using 1:3:4 with filledcurves linecolor rgb '#5F9EA0' notitle, \
  'loss-gan.tsv' index 3 using 1:2 with lines linewidth 2 dashtype 1 linecolor rgb '#5F9EA0' title 'fake', \
  'loss-gan.tsv' index 4 using 1:3:4 with filledcurves linecolor rgb '#A0A0C0' notitle, \
  'loss-gan.tsv' index 4 using 1:2 with lines linewidth 2 dashtype 1 linecolor rgb '#A0A0C0' title 'accuracy'
set terminal pngcairo size 960,732 font "DejaVu Sans,13" fontscale 1.5 linewidth 2 pointscale 2 noenhanced
set output "loss-gan.png"
replot
unset output
