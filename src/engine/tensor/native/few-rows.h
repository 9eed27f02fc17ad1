// Products of a few rows with many: the time goes into reading the many, so each is read once for several of the few. Sums run in
// the same order however many rows there are, so that a row's results do not depend on its neighbours.
#pragma once

#include "lanes.h"

namespace dpruner {

using Quad = Lanes<4>;

static DPRUNER_INLINE Quad in_quad(Lanes<4> x) { return x; }
static DPRUNER_INLINE Quad in_quad(Lanes<8> x) {
  return __builtin_shufflevector(x, x, 0, 1, 2, 3) + __builtin_shufflevector(x, x, 4, 5, 6, 7);
}
static DPRUNER_INLINE Quad in_quad(Lanes<16> x) {
  return (__builtin_shufflevector(x, x, 0, 1, 2, 3) + __builtin_shufflevector(x, x, 4, 5, 6, 7)) +
         (__builtin_shufflevector(x, x, 8, 9, 10, 11) + __builtin_shufflevector(x, x, 12, 13, 14, 15));
}

// The sums of four vectors' lanes, side by side: added two by two, for a sum on its own takes as many steps as all four.
static DPRUNER_INLINE Quad four_sums(Quad p, Quad q, Quad r, Quad s) {
  const Quad pq = __builtin_shufflevector(p, q, 0, 4, 1, 5) + __builtin_shufflevector(p, q, 2, 6, 3, 7);
  const Quad rs = __builtin_shufflevector(r, s, 0, 4, 1, 5) + __builtin_shufflevector(r, s, 2, 6, 3, 7);
  return __builtin_shufflevector(pq, rs, 0, 1, 4, 5) + __builtin_shufflevector(pq, rs, 2, 3, 6, 7);
}

// y[r, o] = x[r] . w[o] of R rows and O outputs.
template <int W, int R, int O>
static DPRUNER_INLINE void tile(const float* w, const float* x, int64_t inputs, float* y, int64_t y_stride) {
  Lanes<W> sums[R][O] = {};
  int64_t i = 0;
  for (; i + W <= inputs; i += W) {
    Lanes<W> weights[O];
    for (int o = 0; o < O; o++) weights[o] = lanes_at<W>(w + o * inputs + i);
    for (int r = 0; r < R; r++) {
      const Lanes<W> values = lanes_at<W>(x + r * inputs + i);
      for (int o = 0; o < O; o++) sums[r][o] += values * weights[o];
    }
  }
  for (int r = 0; r < R; r++)
    for (int o = 0; o < O; o += 4) {
      const auto of = [&](int next) { return o + next < O ? in_quad(sums[r][o + next]) : Quad{}; };
      const Quad totals = four_sums(of(0), of(1), of(2), of(3));
      for (int next = 0; next < 4 && o + next < O; next++) {
        float total = totals[next];
        for (int64_t k = i; k < inputs; k++) total += x[r * inputs + k] * w[(o + next) * inputs + k];
        y[r * y_stride + o + next] = total;
      }
    }
}

template <int W, int R, int O>
static DPRUNER_INLINE void tiles(const float* w, const float* x, int64_t rows, int64_t inputs, float* y, int64_t y_stride) {
  int64_t r = 0;
  for (; r + R <= rows; r += R) tile<W, R, O>(w, x + r * inputs, inputs, y + r * y_stride, y_stride);
  for (; R > 2 && r + 2 <= rows; r += 2) tile<W, 2, O>(w, x + r * inputs, inputs, y + r * y_stride, y_stride);
  for (; r < rows; r++) tile<W, 1, O>(w, x + r * inputs, inputs, y + r * y_stride, y_stride);
}

// In tiles of R rows and O outputs; a row alone has room for S outputs.
template <int W, int R, int O, int S>
static DPRUNER_INLINE void all_tiles(const float* x, int64_t rows, const float* w, int64_t outputs, int64_t inputs, float* y,
                                     int64_t y_stride) {
  int64_t o = 0;
  for (; rows == 1 && o + S <= outputs; o += S) tile<W, 1, S>(w + o * inputs, x, inputs, y + o, y_stride);
  for (; o + O <= outputs; o += O) tiles<W, R, O>(w + o * inputs, x, rows, inputs, y + o, y_stride);
  for (; o < outputs; o++) tiles<W, R, 1>(w + o * inputs, x, rows, inputs, y + o, y_stride);
}

// R rows of weights over the values [keys, width]: sum_k p[r, k] values[k], columns begin … begin + C lanes.
template <int W, int R, int C>
static DPRUNER_INLINE void blend(const float* p, int64_t p_stride, const float* values, int64_t keys, int64_t width, float* y) {
  Lanes<W> sums[R][C] = {};
  for (int64_t k = 0; k < keys; k++)
    for (int c = 0; c < C; c++) {
      const Lanes<W> value = lanes_at<W>(values + k * width + c * W);
      for (int r = 0; r < R; r++) sums[r][c] += p[r * p_stride + k] * value;
    }
  for (int r = 0; r < R; r++)
    for (int c = 0; c < C; c++) put_lanes<W>(y + r * width + c * W, sums[r][c]);
}

template <int W, int R>
static DPRUNER_INLINE void blend_rows(const float* p, int64_t p_stride, const float* values, int64_t keys, int64_t width, float* y) {
  int64_t begin = 0;
  for (; begin + 4 * W <= width; begin += 4 * W) blend<W, R, 4>(p, p_stride, values + begin, keys, width, y + begin);
  for (; begin + W <= width; begin += W) blend<W, R, 1>(p, p_stride, values + begin, keys, width, y + begin);
  for (; begin < width; begin++)
    for (int r = 0; r < R; r++) {
      float total = 0;
      for (int64_t k = 0; k < keys; k++) total += p[r * p_stride + k] * values[k * width + begin];
      y[r * width + begin] = total;
    }
}

template <int W, int R>
static DPRUNER_INLINE void all_blends(const float* p, int64_t p_stride, int64_t rows, const float* values, int64_t keys, int64_t width,
                                      float* y) {
  int64_t r = 0;
  for (; r + R <= rows; r += R) blend_rows<W, R>(p + r * p_stride, p_stride, values, keys, width, y + r * width);
  for (; r < rows; r++) blend_rows<W, 1>(p + r * p_stride, p_stride, values, keys, width, y + r * width);
}

#ifdef DPRUNER_HAS_WIDE
DPRUNER_WIDE static void few_rows_wide(const float* x, int64_t rows, const float* w, int64_t outputs, int64_t inputs, float* y,
                                       int64_t y_stride) {
  all_tiles<16, 4, 4, 8>(x, rows, w, outputs, inputs, y, y_stride);
}

DPRUNER_WIDE static void blend_values_wide(const float* p, int64_t p_stride, int64_t rows, const float* values, int64_t keys,
                                           int64_t width, float* y) {
  all_blends<16, 3>(p, p_stride, rows, values, keys, width, y);
}
#endif

DPRUNER_VECTORS
static void few_rows_narrow(const float* x, int64_t rows, const float* w, int64_t outputs, int64_t inputs, float* y, int64_t y_stride) {
  all_tiles<kNarrow, 2, 4, 8>(x, rows, w, outputs, inputs, y, y_stride);
}

DPRUNER_VECTORS
static void blend_values_narrow(const float* p, int64_t p_stride, int64_t rows, const float* values, int64_t keys, int64_t width,
                                float* y) {
  all_blends<kNarrow, 2>(p, p_stride, rows, values, keys, width, y);
}

// x [rows, inputs] and w [outputs, inputs] to y[r, o] = x[r] . w[o], its rows `y_stride` apart.
static inline void few_rows(const float* x, int64_t rows, const float* w, int64_t outputs, int64_t inputs, float* y, int64_t y_stride) {
#ifdef DPRUNER_HAS_WIDE
  if (has_wide()) return few_rows_wide(x, rows, w, outputs, inputs, y, y_stride);
#endif
  few_rows_narrow(x, rows, w, outputs, inputs, y, y_stride);
}

// p [rows, keys], its rows `p_stride` apart, and values [keys, width] to y [rows, width].
static inline void blend_values(const float* p, int64_t p_stride, int64_t rows, const float* values, int64_t keys, int64_t width,
                                float* y) {
#ifdef DPRUNER_HAS_WIDE
  if (has_wide()) return blend_values_wide(p, p_stride, rows, values, keys, width, y);
#endif
  blend_values_narrow(p, p_stride, rows, values, keys, width, y);
}

}  // namespace dpruner
