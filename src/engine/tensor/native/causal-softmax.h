// The softmax of a row of attention scores, without the masked part.
#pragma once

#include <algorithm>

#include "kernel.h"
#include "rows.h"

namespace dpruner {

// Which keys [begin, end) the query of row `row` may see, of scores whose rows run through `queries` queries again and again.
struct CausalWindow {
  explicit CausalWindow(TF_OpKernelConstruction* c)
      : queries(int_attribute(c, "queries")), offset(int_attribute(c, "offset")), window(int_attribute(c, "window")) {}
  CausalWindow(int64_t queries, int64_t offset, int64_t window) : queries(queries), offset(offset), window(window) {}
  // Query i stands at the position of key `offset + i`.
  int64_t end(int64_t row, int64_t keys) const { return std::min(keys, offset + row % queries + 1); }
  int64_t begin(int64_t row, int64_t keys) const {
    return window == 0 ? 0 : std::min(keys, std::max<int64_t>(0, offset + row % queries + 1 - window));
  }
  int64_t queries, offset, window;
};

// Of what the row may see, [begin, end); zeros elsewhere up to `keys`.
DPRUNER_VECTORS
static void softmax_row(float* x, int64_t begin, int64_t end, int64_t keys) {
  const float largest = largest_of(x + begin, end - begin);
  const float scale = 1.0f / exponentials_of(x + begin, largest, end - begin);
  for (int64_t k = begin; k < end; k++) x[k] *= scale;
  for (int64_t k = 0; k < begin; k++) x[k] = 0;
  for (int64_t k = end; k < keys; k++) x[k] = 0;
}

}  // namespace dpruner
