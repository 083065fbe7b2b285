# Draws curve-fd_pix64.svg and curve-fd_pix64.png from curve-fd_pix64.tsv: gnuplot curve-fd_pix64.gp
set encoding utf8
set datafile separator "\t"
set terminal svg size 480,366 dynamic font "DejaVu Sans,13" linewidth 1 background "#ffffff" noenhanced
set output "curve-fd_pix64.svg"
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
set ylabel 'Fréchet distance (pix64)'
set yrange [1.5145168999999994:68.5229531]
plot 'curve-fd_pix64.tsv' index 0 using 1:3:4 with filledcurves linecolor rgb '#0072B2' notitle, \
  'curve-fd_pix64.tsv' index 0 using 1:2 with linespoints pointtype 7 pointsize 0.5 linewidth 2 dashtype 1 linecolor rgb '#0072B2' title 'GAN', \
  'curve-fd_pix64.tsv' index 1 using 1:3:4 with filledcurves linecolor rgb '#D55E00' notitle, \
  'curve-fd_pix64.tsv' index 1 using 1:2 with linespoints pointtype 7 pointsize 0.5 linewidth 2 dashtype 1 linecolor rgb '#D55E00' title 'GAN with R1', \
  'curve-fd_pix64.tsv' index 2 using 1:3:4 with filledcurves linecolor rgb '#009E73' notitle, \
  'curve-fd_pix64.tsv' index 2 using 1:2 with linespoints pointtype 7 pointsize 0.5 linewidth 2 dashtype 1 linecolor rgb '#009E73' title 'VAE', \
  'curve-fd_pix64.tsv' index 3 using 1:3:4 with filledcurves linecolor rgb '#CC79A7' notitle, \
  'curve-fd_pix64.tsv' index 3 using 1:2 with linespoints pointtype 7 pointsize 0.5 linewidth 2 dashtype 1 linecolor rgb '#CC79A7' title 'pixel diffusion', \
  'curve-fd_pix64.tsv' index 4 using 1:3:4 with filledcurves linecolor rgb '#E69F00' notitle, \
  'curve-fd_pix64.tsv' index 4 using 1:2 with linespoints pointtype 7 pointsize 0.5 linewidth 2 dashtype 1 linecolor rgb '#E69F00' title 'latent diffusion'
set terminal pngcairo size 960,732 font "DejaVu Sans,13" fontscale 1.5 linewidth 2 pointscale 2 noenhanced
set output "curve-fd_pix64.png"
replot
unset output
