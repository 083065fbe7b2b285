# Draws curve-lhf.svg and curve-lhf.png from curve-lhf.tsv: gnuplot curve-lhf.gp
set encoding utf8
set datafile separator "\t"
set terminal svg size 480,366 dynamic font "DejaVu Sans,13" linewidth 1 background "#ffffff" noenhanced
set output "curve-lhf.svg"
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
set ylabel 'ln(high-frequency power / real)'
set yrange [-2.6501332:0.17337320000000003]
plot 'curve-lhf.tsv' index 0 using 1:3:4 with filledcurves linecolor rgb '#0072B2' notitle, \
  'curve-lhf.tsv' index 0 using 1:2 with linespoints pointtype 7 pointsize 0.5 linewidth 2 dashtype 1 linecolor rgb '#0072B2' title 'GAN', \
  'curve-lhf.tsv' index 1 using 1:3:4 with filledcurves linecolor rgb '#D55E00' notitle, \
  'curve-lhf.tsv' index 1 using 1:2 with linespoints pointtype 7 pointsize 0.5 linewidth 2 dashtype 1 linecolor rgb '#D55E00' title 'GAN with R1', \
  'curve-lhf.tsv' index 2 using 1:3:4 with filledcurves linecolor rgb '#009E73' notitle, \
  'curve-lhf.tsv' index 2 using 1:2 with linespoints pointtype 7 pointsize 0.5 linewidth 2 dashtype 1 linecolor rgb '#009E73' title 'VAE', \
  'curve-lhf.tsv' index 3 using 1:3:4 with filledcurves linecolor rgb '#CC79A7' notitle, \
  'curve-lhf.tsv' index 3 using 1:2 with linespoints pointtype 7 pointsize 0.5 linewidth 2 dashtype 1 linecolor rgb '#CC79A7' title 'pixel diffusion', \
  'curve-lhf.tsv' index 4 using 1:3:4 with filledcurves linecolor rgb '#E69F00' notitle, \
  'curve-lhf.tsv' index 4 using 1:2 with linespoints pointtype 7 pointsize 0.5 linewidth 2 dashtype 1 linecolor rgb '#E69F00' title 'latent diffusion', \
  0.0 with lines linewidth 1.5 dashtype 2 linecolor rgb '#222222' title 'real images'
set terminal pngcairo size 960,732 font "DejaVu Sans,13" fontscale 1.5 linewidth 2 pointscale 2 noenhanced
set output "curve-lhf.png"
replot
unset output
