// The innermost part of a product of matrices: a tile of it whose sums stay in registers, and operands laid out for that.
#pragma once

#include <cstring>

#include "lanes.h"

namespace dpruner {

// Lines of a matrix as they lie in memory: number k of line i at data[i * line_stride + k * depth_stride]. One stride is 1.
struct Lines {
  const float* data;
  int64_t line_stride, depth_stride;
  Lines from(int64_t line, int64_t depth) const {
    return {data + line * line_stride + depth * depth_stride, line_stride, depth_stride};
  }
};

// What becomes of a tile: y = ab, y += ab, or y += (ab)^2.
enum class Into { store, add, add_squares };

// How many steps of the sum ahead the columns are fetched into the nearest cache.
constexpr int kFetchAhead = 24;

// Rows become columns. Each round interleaves the first half of the rows with the second.
template <int W>
static DPRUNER_INLINE void transpose(Lanes<W> (&rows)[W]) {
  typename Vector<W>::Order low{}, high{};
  for (int i = 0; i < W; i++) {
    low[i] = i / 2 + i % 2 * W;
    high[i] = W / 2 + i / 2 + i % 2 * W;
  }
  for (int round = 1; round < W; round *= 2) {
    Lanes<W> next[W];
    for (int i = 0; i < W / 2; i++) {
      next[2 * i] = __builtin_shuffle(rows[i], rows[i + W / 2], low);
      next[2 * i + 1] = __builtin_shuffle(rows[i], rows[i + W / 2], high);
    }
    for (int i = 0; i < W; i++) rows[i] = next[i];
  }
}

// The first `count` of P lines to packed[k][P]; the others are zeros.
template <int W, int P>
static DPRUNER_INLINE void pack_lines(Lines x, int64_t count, int64_t depth, float* packed) {
  if (count < P) std::memset(packed, 0, depth * P * sizeof(float));
  if (x.line_stride == 1) {
    for (int64_t k = 0; k < depth; k++) {
      if (count == P) std::memcpy(packed + k * P, x.data + k * x.depth_stride, P * sizeof(float));
      else std::memcpy(packed + k * P, x.data + k * x.depth_stride, count * sizeof(float));
    }
    return;
  }
  int64_t k = 0;
  for (; count == P && k + W <= depth; k += W)
    for (int begin = 0; begin < P; begin += W) {
      Lanes<W> rows[W];
      for (int i = 0; i < W; i++)
        rows[i] = begin + i < P ? lanes_at<W>(x.data + (begin + i) * x.line_stride + k) : Lanes<W>{};
      transpose<W>(rows);
      constexpr int kRest = P % W;
      for (int i = 0; i < W; i++) {
        if (begin + W <= P) put_lanes<W>(packed + (k + i) * P + begin, rows[i]);
        else std::memcpy(packed + (k + i) * P + begin, &rows[i], kRest * sizeof(float));
      }
    }
  for (; k < depth; k++)
    for (int64_t i = 0; i < count; i++) packed[k * P + i] = x.data[i * x.line_stride + k];
}

// R rows [k][R] times C vectors of columns [k][C W].
template <int W, int R, int C>
static DPRUNER_INLINE void sum_products(const float* __restrict a, const float* __restrict b, int64_t depth, Lanes<W> (&sums)[R][C]) {
  for (int r = 0; r < R; r++)
    for (int c = 0; c < C; c++) sums[r][c] = Lanes<W>{};
  for (int64_t k = 0; k < depth; k++, a += R, b += C * W) {
    Lanes<W> columns[C];
    for (int c = 0; c < C; c++) {
      __builtin_prefetch(b + (kFetchAhead * C + c) * W);
      columns[c] = lanes_at<W>(b + c * W);
    }
#pragma GCC unroll 16
    for (int r = 0; r < R; r++)
      for (int c = 0; c < C; c++) sums[r][c] += a[r] * columns[c];
  }
}

static DPRUNER_INLINE void put(float& y, float sum, Into into) {
  y = into == Into::store ? sum : into == Into::add ? y + sum : y + sum * sum;
}

// The tile of y, whose rows are `stride` apart; only its first `rows` and `columns` are there.
template <int W, int R, int C>
static DPRUNER_INLINE void product_tile(const float* a, const float* b, int64_t depth, Into into, float* y, int64_t stride,
                                        int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; r++)
    for (int c = 0; c < C; c++) __builtin_prefetch(y + r * stride + c * W, 1);
  Lanes<W> sums[R][C];
  sum_products<W, R, C>(a, b, depth, sums);
  if (rows < R || columns < C * W) {
    float values[R][C * W];
    for (int r = 0; r < R; r++)
      for (int c = 0; c < C; c++) put_lanes<W>(values[r] + c * W, sums[r][c]);
    for (int64_t r = 0; r < rows; r++)
      for (int64_t c = 0; c < columns; c++) put(y[r * stride + c], values[r][c], into);
    return;
  }
  for (int r = 0; r < R; r++)
    for (int c = 0; c < C; c++) {
      float* at = y + r * stride + c * W;
      if (into == Into::add) sums[r][c] += lanes_at<W>(at);
      if (into == Into::add_squares) sums[r][c] = lanes_at<W>(at) + sums[r][c] * sums[r][c];
      put_lanes<W>(at, sums[r][c]);
    }
}

// One size of tile: how many lines of each operand it takes, and the functions for it.
struct TileKernels {
  int rows, columns;
  void (*pack_rows)(Lines x, int64_t count, int64_t depth, float* packed);
  void (*pack_columns)(Lines x, int64_t count, int64_t depth, float* packed);
  void (*tile)(const float* a, const float* b, int64_t depth, Into into, float* y, int64_t stride, int64_t rows, int64_t columns);
};

#ifdef DPRUNER_HAS_WIDE
DPRUNER_WIDE static void pack_rows_wide(Lines x, int64_t count, int64_t depth, float* packed) {
  pack_lines<16, 12>(x, count, depth, packed);
}
DPRUNER_WIDE static void pack_columns_wide(Lines x, int64_t count, int64_t depth, float* packed) {
  pack_lines<16, 32>(x, count, depth, packed);
}
DPRUNER_WIDE static void tile_wide(const float* a, const float* b, int64_t depth, Into into, float* y, int64_t stride, int64_t rows,
                                   int64_t columns) {
  product_tile<16, 12, 2>(a, b, depth, into, y, stride, rows, columns);
}
#endif

DPRUNER_VECTORS
static void pack_rows_narrow(Lines x, int64_t count, int64_t depth, float* packed) {
  pack_lines<kNarrow, 6>(x, count, depth, packed);
}
DPRUNER_VECTORS
static void pack_columns_narrow(Lines x, int64_t count, int64_t depth, float* packed) {
  pack_lines<kNarrow, 2 * kNarrow>(x, count, depth, packed);
}
DPRUNER_VECTORS
static void tile_narrow(const float* a, const float* b, int64_t depth, Into into, float* y, int64_t stride, int64_t rows,
                        int64_t columns) {
  product_tile<kNarrow, 6, 2>(a, b, depth, into, y, stride, rows, columns);
}

static const TileKernels& tile_kernels() {
  static const TileKernels narrow{6, 2 * kNarrow, pack_rows_narrow, pack_columns_narrow, tile_narrow};
#ifdef DPRUNER_HAS_WIDE
  static const TileKernels wide{12, 32, pack_rows_wide, pack_columns_wide, tile_wide};
  if (has_wide()) return wide;
#endif
  return narrow;
}

}  // namespace dpruner
