# Draws sharpness-noise.svg and sharpness-noise.png from sharpness-noise.tsv: gnuplot sharpness-noise.gp
set encoding utf8
set datafile separator "\t"
set terminal svg size 480,366 dynamic font "DejaVu Sans,13" linewidth 1 background "#ffffff" noenhanced
set output "sharpness-noise.svg"
set border 3 linecolor rgb "#5f6368"
set tics nomirror out scale 0.6 textcolor rgb "#3c4043"
set grid ytics linecolor rgb "#e4e6e9" linetype 1 linewidth 1
set xlabel textcolor rgb "#3c4043"
set ylabel textcolor rgb "#3c4043"
set key at screen 0.5, screen 0.01 center bottom horizontal maxcols 2 Left reverse samplen 1.8 width 1
set key spacing 1.15 textcolor rgb "#202124"
set bmargin at screen 0.37158469945355194
set style fill transparent solid 0.18 noborder
set xlabel 'noise (white is 1)'
set ylabel 'Laplacian variance / real'
set grid xtics linecolor rgb '#e4e6e9' linetype 1 linewidth 1
set yrange [0.19020468296703946:1.026647832914126]
set xrange [0.00959909359502796:0.038470161632227336]
plot 'sharpness-noise.tsv' index 0 using 1:2 with points pointtype 7 pointsize 1 linecolor rgb '#0072B2' title 'GAN', \
  'sharpness-noise.tsv' index 1 using 1:2 with points pointtype 7 pointsize 1 linecolor rgb '#D55E00' title 'GAN with R1', \
  'sharpness-noise.tsv' index 2 using 1:2 with points pointtype 7 pointsize 1 linecolor rgb '#009E73' title 'VAE', \
  'sharpness-noise.tsv' index 3 using 1:2 with points pointtype 7 pointsize 1 linecolor rgb '#CC79A7' title 'pixel diffusion', \
  'sharpness-noise.tsv' index 4 using 1:2 with points pointtype 7 pointsize 1 linecolor rgb '#E69F00' title 'latent diffusion', \
  'sharpness-noise.tsv' index 5 using 1:2 with points pointtype 3 pointsize 1.3 linewidth 2 linecolor rgb '#222222' title 'real images'
set terminal pngcairo size 960,732 font "DejaVu Sans,13" fontscale 1.5 linewidth 2 pointscale 2 noenhanced
set output "sharpness-noise.png"
replot
unset output
