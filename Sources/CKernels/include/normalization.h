#pragma once

/// Normalisation of images [space, channels] over space and the channels of each group, cut into blocks of rows so that
/// threads can share an image: moments of each block, statistics of each image from those, and then one affine function of
/// each channel, followed by SiLU if wanted. The way back has the same three parts.
///
/// `ck_normalization` describes one image. All pointers but gamma and beta may be NULL:
///   u = silu?((x + shift - mean) * rstd * gamma * (1 + factor) + beta * (1 + factor) + offset)
typedef struct {
  long space, channels, groups, block_rows;
  const float *gamma, *beta, *shift, *factor, *offset;  // [channels]
} ck_normalization;

/// Mean and sum of squared deviations of each channel over a block of `rows` rows: moments [2, channels].
void ck_channel_moments(long rows, long channels, const float *x, double *moments);

/// From the moments of all blocks of an image: mean and 1 / sqrt(variance + epsilon) of each group, both of x + shift, and
/// (unless NULL) the mean of each channel of x.
void ck_image_statistics(
  const ck_normalization *n, const double *moments, float epsilon, float *mean, float *rstd, float *channel_mean);

/// The affine function of each channel that normalises an image: x * slope + intercept.
void ck_image_affine(const ck_normalization *n, const float *mean, const float *rstd, float *slope, float *intercept);

/// y = x * slope + intercept for rows of channels, then SiLU if `activates`.
void ck_channel_affine(
  long rows, long channels, const float *x, const float *slope, const float *intercept, int activates, float *y);

/// Sums over a block of the gradient g before the activation, and of g * x: sums [2, channels]. With `activates`, g is
/// dy * silu'(x * slope + intercept) and is left in `g`; otherwise it is dy, and `g` is not touched. x counts from `centre`.
void ck_channel_gradient_sums(
  long rows, long channels, const float *x, const float *slope, const float *intercept, int activates,
  const float *centre, const float *dy, float *g, double *sums);

/// Where one image's gradients of the terms go, [channels] each; NULL where not wanted.
typedef struct {
  float *gamma, *beta, *shift, *factor, *offset;
} ck_normalization_gradient;

/// From the sums of all blocks of an image, dx = g * first + x * second + third for each channel, and the terms' gradients.
/// `sums` were taken with the group's mean less the shift as centre (`ck_image_centre`). `channel_mean` is needed for shift.
void ck_image_gradient(
  const ck_normalization *n, const float *mean, const float *rstd, const float *channel_mean, const double *sums,
  float *first, float *second, float *third, const ck_normalization_gradient *gradient);

/// The point that each channel of x is measured from: its group's mean less the shift.
void ck_image_centre(const ck_normalization *n, const float *mean, float *centre);

/// dx = g * first + x * second + third + earlier for rows of channels; `earlier` may be NULL, and `dx` may be `g`.
void ck_channel_combination(
  long rows, long channels, const float *g, const float *x, const float *first, const float *second, const float *third,
  const float *earlier, float *dx);

/// Normalisation of each row over its n numbers, then * gamma + beta; mean and rstd are [rows].
void ck_normalize_rows(
  long rows, long n, float epsilon, const float *x, const float *gamma, const float *beta, float *y, float *mean,
  float *rstd);

/// The gradients of the above: dx, to which `earlier` is added if not NULL, and the sums over these rows for gamma and beta,
/// [n] each, overwritten.
void ck_normalize_rows_gradient(
  long rows, long n, const float *x, const float *gamma, const float *mean, const float *rstd, const float *dy,
  const float *earlier, float *dx, float *dgamma, float *dbeta);
