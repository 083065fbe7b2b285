# Draws loss-latent-diffusion.svg and loss-latent-diffusion.png from loss-latent-diffusion.tsv: gnuplot loss-latent-diffusion.gp
set encoding utf8
set datafile separator "\t"
set terminal svg size 480,388 dynamic font "DejaVu Sans,13" linewidth 1 background "#ffffff" noenhanced
set output "loss-latent-diffusion.svg"
set border 3 linecolor rgb "#5f6368"
set tics nomirror out scale 0.6 textcolor rgb "#3c4043"
set grid ytics linecolor rgb "#e4e6e9" linetype 1 linewidth 1
set xlabel textcolor rgb "#3c4043"
set ylabel textcolor rgb "#3c4043"
set key at screen 0.5, screen 0.01 center bottom horizontal maxcols 2 Left reverse samplen 1.8 width 1
set key spacing 1.15 textcolor rgb "#202124"
set bmargin at screen 0.4072164948453608
set style fill transparent solid 0.18 noborder
set xrange [0:100]
set xtics 20
set xlabel 'share of the budget (%)'
set ylabel 'loss'
set yrange [-104.19610937:1585.8444183699999]
plot 'loss-latent-diffusion.tsv' index 0 using 1:3:4 with filledcurves linecolor rgb '#E69F00' notitle, \
  'loss-latent-diffusion.tsv' index 0 using 1:2 with lines linewidth 2 dashtype 1 linecolor rgb '#E69F00' title 'reconstruction', \
  'loss-latent-diffusion.tsv' index 1 using 1:3:4 with filledcurves linecolor rgb '#202124' notitle, \
  'loss-latent-diffusion.tsv' index 1 using 1:2 with lines linewidth 2 dashtype 1 linecolor rgb '#202124' title 'perceptual', \
  'loss-latent-diffusion.tsv' index 2 using 1:3:4 with filledcurves linecolor rgb '#80868B' notitle, \
  'loss-latent-diffusion.tsv' index 2 using 1:2 with lines linewidth 2 dashtype 1 linecolor rgb '#80868B' title 'kl', \
  'loss-latent-diffusion.tsv' index 3 using 1:3:4 with filledcurves linecolor rgb '#B08D57' notitle, \
  'loss-latent-diffusion.tsv' index 3 using 1:2 with lines linewidth 2 dashtype 1 linecolor rgb '#B08D57' title 'adversarial', \
  'loss-latent-diffusion.tsv' index 4 using 1:3:4 with filledcurves linecolor rgb '#5F9EA0' notitle, \
  'loss-latent-diffusion.tsv' index 4 using 1:2 with lines linewidth 2 dashtype 1 linecolor rgb '#5F9EA0' title 'adversarialWeight', \
  'loss-latent-diffusion.tsv' index 5 using 1:3:4 with filledcurves linecolor rgb '#A0A0C0' notitle, \
  'loss-latent-diffusion.tsv' index 5 using 1:2 with lines linewidth 2 dashtype 1 linecolor rgb '#A0A0C0' title 'discriminator', \
  'loss-latent-diffusion.tsv' index 6 using 1:3:4 with filledcurves linecolor rgb '#E69F00' notitle, \
  'loss-latent-diffusion.tsv' index 6 using 1:2 with lines linewidth 2 dashtype 1 linecolor rgb '#E69F00' title 'diffusion'
set terminal pngcairo size 960,776 font "DejaVu Sans,13" fontscale 1.5 linewidth 2 pointscale 2 noenhanced
set output "loss-latent-diffusion.png"
replot
unset output
