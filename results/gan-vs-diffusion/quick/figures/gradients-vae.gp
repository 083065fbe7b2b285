# Draws gradients-vae.svg and gradients-vae.png from gradients-vae.tsv: gnuplot gradients-vae.gp
set encoding utf8
set datafile separator "\t"
set terminal svg size 480,322 dynamic font "DejaVu Sans,13" linewidth 1 background "#ffffff" noenhanced
set output "gradients-vae.svg"
set border 3 linecolor rgb "#5f6368"
set tics nomirror out scale 0.6 textcolor rgb "#3c4043"
set grid ytics linecolor rgb "#e4e6e9" linetype 1 linewidth 1
set xlabel textcolor rgb "#3c4043"
set ylabel textcolor rgb "#3c4043"
set key at screen 0.5, screen 0.01 center bottom horizontal maxcols 2 Left reverse samplen 1.8 width 1
set key spacing 1.15 textcolor rgb "#202124"
set bmargin at screen 0.2857142857142857
set style fill transparent solid 0.18 noborder
set xrange [0:100]
set xtics 20
set xlabel 'share of the budget (%)'
set ylabel 'gradient norm'
set yrange [317.65678:1082.87722]
plot 'gradients-vae.tsv' index 0 using 1:3:4 with filledcurves linecolor rgb '#009E73' notitle, \
  'gradients-vae.tsv' index 0 using 1:2 with lines linewidth 2 dashtype 1 linecolor rgb '#009E73' title 'vae'
set terminal pngcairo size 960,644 font "DejaVu Sans,13" fontscale 1.5 linewidth 2 pointscale 2 noenhanced
set output "gradients-vae.png"
replot
unset output
