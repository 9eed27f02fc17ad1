// Swaps of removed and kept weights, row by row: the search of pruning/joint-selection.ts, which does the same in the same order.
#include <cmath>
#include <cstdint>
#include <vector>

#include "kernel.h"
#include "parallel.h"
#include "rows.h"

namespace dpruner {
namespace {

// A swap must lower the row's cost by more than this share of what the weight that returns is worth.
constexpr double kLeastGain = 1e-6;

// One row. `effect` is what the removed weights do to each input's direction: effect[k] = sum of size[i] correlation[i][k].
struct Row {
  const float* size;
  const float* correlation;  // [columns, columns]
  double* effect;
  int32_t* removed;
  int64_t columns;
};

struct Change {
  int64_t column = -1;
  double cost = INFINITY;
};

// Costs are worked out in vectors; the first of the least is looked for in a pass of its own.
DPRUNER_VECTORS
static void costs_of_return(const float* size, const double* effect, const int32_t* removed, double* costs, int64_t count) {
  for (int64_t k = 0; k < count; k++) {
    const double s = size[k];
    costs[k] = removed[k] ? s * (s - 2 * effect[k]) : INFINITY;
  }
}

DPRUNER_VECTORS
static void costs_of_removal(const float* size, const double* effect, const float* returned, double returned_size,
                             const int32_t* removed, double* costs, int64_t count) {
  for (int64_t k = 0; k < count; k++) {
    const double s = size[k], left = effect[k] - returned_size * returned[k];
    costs[k] = removed[k] ? INFINITY : s * (s + 2 * left);
  }
}

DPRUNER_VECTORS
static double least_of(const double* costs, int64_t count) {
  double lanes[kLanes];
  for (int l = 0; l < kLanes; l++) lanes[l] = INFINITY;
  int64_t k = 0;
  for (; k + kLanes <= count; k += kLanes)
    for (int l = 0; l < kLanes; l++) lanes[l] = costs[k + l] < lanes[l] ? costs[k + l] : lanes[l];
  double least = INFINITY;
  for (int l = 0; l < kLanes; l++) least = lanes[l] < least ? lanes[l] : least;
  for (; k < count; k++) least = costs[k] < least ? costs[k] : least;
  return least;
}

DPRUNER_VECTORS
static void move_effect(double* effect, const float* added, double added_size, const float* taken, double taken_size,
                        int64_t count) {
  for (int64_t k = 0; k < count; k++) effect[k] += added_size * added[k] - taken_size * taken[k];
}

Change first_least(const double* costs, int64_t begin, int64_t count) {
  const double least = least_of(costs, count);
  if (!(least < INFINITY)) return {};
  int64_t k = 0;
  while (costs[k] != least) k++;
  return {begin + k, least};
}

// Makes the best swap within columns begin … begin + count, if there is one that is worth it.
bool swap_within(const Row& row, int64_t begin, int64_t count, double* costs) {
  const float* size = row.size + begin;
  const double* effect = row.effect + begin;
  int32_t* removed = row.removed + begin;
  costs_of_return(size, effect, removed, costs, count);
  const Change back = first_least(costs, begin, count);
  if (back.column < 0) return false;
  const float* returned = row.correlation + back.column * row.columns;
  costs_of_removal(size, effect, returned + begin, row.size[back.column], removed, costs, count);
  const Change out = first_least(costs, begin, count);
  if (out.column < 0 || !(back.cost + out.cost < -kLeastGain * std::abs(back.cost))) return false;
  move_effect(row.effect, row.correlation + out.column * row.columns, row.size[out.column], returned,
              row.size[back.column], row.columns);
  row.removed[back.column] = 0;
  row.removed[out.column] = 1;
  return true;
}

// sizes and products [R, n], correlation [n, n] and removed [R, n] to the flags of what is removed in the end. Weights change
// places within spans of `span` columns alone.
struct SwapRemoved {
  explicit SwapRemoved(TF_OpKernelConstruction* c) : span(int_attribute(c, "span")) {}
  void compute(TF_OpKernelContext* context) {
    Input sizes(context, 0), correlation(context, 1), products(context, 2), removed(context, 3);
    const int64_t rows = sizes.dim(0), columns = sizes.last();
    const bool matches = correlation.dim(0) == columns && correlation.last() == columns &&
                         products.size() == rows * columns && removed.size() == rows * columns;
    if (!fits(context, matches && span > 0, "sizes, correlation, products and flags must be of one matrix")) return;
    Output flags(context, 0, {rows, columns}, TF_INT32);
    if (!flags.data()) return;
    Workers::shared().run(rows, 1, [&](int64_t begin, int64_t end) {
      std::vector<double> effect(columns), costs(columns);
      for (int64_t r = begin; r < end; r++) {
        int32_t* row_flags = flags.data<int32_t>() + r * columns;
        const int32_t* start = removed.data<int32_t>() + r * columns;
        const float* product = products.data() + r * columns;
        for (int64_t k = 0; k < columns; k++) row_flags[k] = start[k], effect[k] = product[k];
        settle({sizes.data() + r * columns, correlation.data(), effect.data(), row_flags, columns}, costs.data());
      }
    });
  }

  void settle(const Row& row, double* costs) const {
    for (bool swapped = true; swapped;) {
      swapped = false;
      for (int64_t begin = 0; begin < row.columns; begin += span) {
        const int64_t count = std::min(span, row.columns - begin);
        while (swap_within(row, begin, count, costs)) swapped = true;
      }
      if (span >= row.columns) return;
    }
  }

  const int64_t span;
};

const bool registered = register_kernel<SwapRemoved>(
    {"DprunerSwapRemoved", {"span: int"}, {"sizes: float", "correlation: float", "products: float", "removed: int32"},
     {"flags: int32"}});

}  // namespace
}  // namespace dpruner
