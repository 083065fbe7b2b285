# Draws quality-cost.svg and quality-cost.png from quality-cost.tsv: gnuplot quality-cost.gp
set encoding utf8
set datafile separator "\t"
set terminal svg size 480,366 dynamic font "DejaVu Sans,13" linewidth 1 background "#ffffff" noenhanced
set output "quality-cost.svg"
set border 3 linecolor rgb "#5f6368"
set tics nomirror out scale 0.6 textcolor rgb "#3c4043"
set grid ytics linecolor rgb "#e4e6e9" linetype 1 linewidth 1
set xlabel textcolor rgb "#3c4043"
set ylabel textcolor rgb "#3c4043"
set key at screen 0.5, screen 0.01 center bottom horizontal maxcols 2 Left reverse samplen 1.8 width 1
set key spacing 1.15 textcolor rgb "#202124"
set bmargin at screen 0.37158469945355194
set style fill transparent solid 0.18 noborder
set xlabel 'samples per second, one thread (log)'
set ylabel 'Fréchet distance (pix64)'
set grid xtics linecolor rgb '#e4e6e9' linetype 1 linewidth 1
set yrange [0.1628264635239035:13.233674802493308]
set logscale x
plot 'quality-cost.tsv' index 0 using 1:2 with points pointtype 7 pointsize 1 linecolor rgb '#0072B2' title 'GAN', \
  'quality-cost.tsv' index 1 using 1:2 with points pointtype 7 pointsize 1 linecolor rgb '#D55E00' title 'GAN with R1', \
  'quality-cost.tsv' index 2 using 1:2 with points pointtype 7 pointsize 1 linecolor rgb '#009E73' title 'VAE', \
  'quality-cost.tsv' index 3 using 1:2 with points pointtype 7 pointsize 1 linecolor rgb '#CC79A7' title 'pixel diffusion', \
  'quality-cost.tsv' index 4 using 1:2 with points pointtype 7 pointsize 1 linecolor rgb '#E69F00' title 'latent diffusion'
set terminal pngcairo size 960,732 font "DejaVu Sans,13" fontscale 1.5 linewidth 2 pointscale 2 noenhanced
set output "quality-cost.png"
replot
unset output
