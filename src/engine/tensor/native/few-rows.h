// Products of a few rows with many: the time goes into reading the many, so each is read once for several of the few. Sums run in
// the same order however many rows there are, so that a row's results do not depend on its neighbours.
#pragma once

#include <cstdint>

#include "rows.h"

#define DPRUNER_INLINE inline __attribute__((always_inline))

namespace dpruner {

constexpr int kWidth = 16;
using Lanes = float __attribute__((vector_size(4 * kWidth)));
using LanesAnywhere = float __attribute__((vector_size(4 * kWidth), aligned(4), may_alias));

static DPRUNER_INLINE Lanes lanes_at(const float* x) { return *reinterpret_cast<const LanesAnywhere*>(x); }
static DPRUNER_INLINE void put_lanes(float* x, Lanes lanes) { *reinterpret_cast<LanesAnywhere*>(x) = lanes; }

static DPRUNER_INLINE float sum_lanes(Lanes lanes) {
  float parts[kWidth];
  put_lanes(parts, lanes);
  for (int half = kWidth / 2; half > 0; half /= 2)
    for (int l = 0; l < half; l++) parts[l] += parts[l + half];
  return parts[0];
}

// y[r, o] = x[r] . w[o] of R rows and O outputs.
template <int R, int O>
static DPRUNER_INLINE void tile(const float* w, const float* x, int64_t inputs, float* y, int64_t y_stride) {
  Lanes sums[R][O] = {};
  int64_t i = 0;
  for (; i + kWidth <= inputs; i += kWidth) {
    Lanes weights[O];
    for (int o = 0; o < O; o++) weights[o] = lanes_at(w + o * inputs + i);
    for (int r = 0; r < R; r++) {
      const Lanes values = lanes_at(x + r * inputs + i);
      for (int o = 0; o < O; o++) sums[r][o] += values * weights[o];
    }
  }
  for (int r = 0; r < R; r++)
    for (int o = 0; o < O; o++) {
      float total = sum_lanes(sums[r][o]);
      for (int64_t k = i; k < inputs; k++) total += x[r * inputs + k] * w[o * inputs + k];
      y[r * y_stride + o] = total;
    }
}

template <int O>
static DPRUNER_INLINE void tiles(const float* w, const float* x, int64_t rows, int64_t inputs, float* y, int64_t y_stride) {
  int64_t r = 0;
  for (; r + 4 <= rows; r += 4) tile<4, O>(w, x + r * inputs, inputs, y + r * y_stride, y_stride);
  for (; r + 2 <= rows; r += 2) tile<2, O>(w, x + r * inputs, inputs, y + r * y_stride, y_stride);
  if (r < rows) tile<1, O>(w, x + r * inputs, inputs, y + r * y_stride, y_stride);
}

// x [rows, inputs] and w [outputs, inputs] to y[r, o] = x[r] . w[o], its rows `y_stride` apart.
DPRUNER_VECTORS
static void few_rows(const float* x, int64_t rows, const float* w, int64_t outputs, int64_t inputs, float* y, int64_t y_stride) {
  int64_t o = 0;
  if (rows == 1)
    for (; o + 8 <= outputs; o += 8) tile<1, 8>(w + o * inputs, x, inputs, y + o, y_stride);
  for (; o + 4 <= outputs; o += 4) tiles<4>(w + o * inputs, x, rows, inputs, y + o, y_stride);
  for (; o < outputs; o++) tiles<1>(w + o * inputs, x, rows, inputs, y + o, y_stride);
}

// R rows of weights over the values [keys, width]: sum_k p[r, k] values[k], columns begin … begin + C lanes.
template <int R, int C>
static DPRUNER_INLINE void blend(const float* p, int64_t p_stride, const float* values, int64_t keys, int64_t width, float* y) {
  Lanes sums[R][C] = {};
  for (int64_t k = 0; k < keys; k++)
    for (int c = 0; c < C; c++) {
      const Lanes value = lanes_at(values + k * width + c * kWidth);
      for (int r = 0; r < R; r++) sums[r][c] += p[r * p_stride + k] * value;
    }
  for (int r = 0; r < R; r++)
    for (int c = 0; c < C; c++) put_lanes(y + r * width + c * kWidth, sums[r][c]);
}

template <int R>
static DPRUNER_INLINE void blend_rows(const float* p, int64_t p_stride, const float* values, int64_t keys, int64_t width, float* y) {
  int64_t begin = 0;
  for (; begin + 4 * kWidth <= width; begin += 4 * kWidth) blend<R, 4>(p, p_stride, values + begin, keys, width, y + begin);
  for (; begin + kWidth <= width; begin += kWidth) blend<R, 1>(p, p_stride, values + begin, keys, width, y + begin);
  for (; begin < width; begin++)
    for (int r = 0; r < R; r++) {
      float total = 0;
      for (int64_t k = 0; k < keys; k++) total += p[r * p_stride + k] * values[k * width + begin];
      y[r * width + begin] = total;
    }
}

// p [rows, keys], its rows `p_stride` apart, and values [keys, width] to y [rows, width].
DPRUNER_VECTORS
static void blend_values(const float* p, int64_t p_stride, int64_t rows, const float* values, int64_t keys, int64_t width, float* y) {
  int64_t r = 0;
  for (; r + 3 <= rows; r += 3) blend_rows<3>(p + r * p_stride, p_stride, values, keys, width, y + r * width);
  for (; r < rows; r++) blend_rows<1>(p + r * p_stride, p_stride, values, keys, width, y + r * width);
}

}  // namespace dpruner
