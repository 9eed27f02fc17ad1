// A linear layer of very few rows, as generation has it: its time goes into reading the weight from the memory once.
#include "kernel.h"
#include "parallel.h"
#include "rows.h"

namespace dpruner {
namespace {

// Two sets of lanes: one addition need not wait for the last.
DPRUNER_VECTORS
float dot_row(const float* w, const float* x, int64_t width) {
  float lanes[2][kLanes] = {};
  int64_t i = 0;
  for (; i + 2 * kLanes <= width; i += 2 * kLanes)
    for (int l = 0; l < kLanes; l++) {
      lanes[0][l] += w[i + l] * x[i + l];
      lanes[1][l] += w[i + kLanes + l] * x[i + kLanes + l];
    }
  float total = sum_of(lanes[0]) + sum_of(lanes[1]);
  for (; i < width; i++) total += w[i] * x[i];
  return total;
}

constexpr int64_t kOutputsAtATime = 32;

// x [N, inputs], weight [outputs, inputs] to x weight^T, [N, outputs].
struct FewRowsLinear {
  explicit FewRowsLinear(TF_OpKernelConstruction*) {}
  void compute(TF_OpKernelContext* context) {
    Input x(context, 0), weight(context, 1);
    const int64_t rows = x.dim(0), inputs = x.last(), outputs = weight.dim(0);
    if (!fits(context, weight.last() == inputs, "the weight takes another number of inputs")) return;
    Output y(context, 0, {rows, outputs});
    if (!y.data()) return;
    Workers::shared().run(outputs, kOutputsAtATime, [&](int64_t begin, int64_t end) {
      for (int64_t o = begin; o < end; o++)
        for (int64_t r = 0; r < rows; r++)
          y.data()[r * outputs + o] = dot_row(weight.data() + o * inputs, x.data() + r * inputs, inputs);
    });
  }
};

const bool registered = register_kernel<FewRowsLinear>(
    {"DprunerFewRowsLinear", {}, {"x: float", "weight: float"}, {"y: float"}});

}  // namespace
}  // namespace dpruner
