// What generation does for one more token: linear layers of very few rows, whose time goes into reading the weight from the
// memory once, and a place for the token's keys and values beside the earlier ones.
#include <cstring>

#include "few-rows.h"
#include "kernel.h"
#include "parallel.h"

namespace dpruner {
namespace {

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
    Workers::shared().run((outputs + kOutputsAtATime - 1) / kOutputsAtATime, 1, [&](int64_t begin, int64_t end) {
      const int64_t first = begin * kOutputsAtATime, last = std::min(outputs, end * kOutputsAtATime);
      few_rows(x.data(), rows, weight.data() + first * inputs, last - first, inputs, y.data() + first, outputs);
    });
  }
};

// keys and values [H, room, D], k and v [H, 1, D]: writes them as row `at` of each head, in place.
struct KeepToken {
  explicit KeepToken(TF_OpKernelConstruction*) {}
  void compute(TF_OpKernelContext* context) {
    Input keys(context, 0), values(context, 1), k(context, 2), v(context, 3), at(context, 4);
    const int64_t heads = keys.dim(0), room = keys.dim(1), width = keys.last(), row = *at.data<int32_t>();
    if (!fits(context,
              keys.size() == values.size() && k.size() == heads * width && v.size() == heads * width && row >= 0 &&
                  row < room,
              "the token does not fit beside the earlier ones")) return;
    for (int64_t head = 0; head < heads; head++) {
      const int64_t to = (head * room + row) * width;
      std::memcpy(keys.data() + to, k.data() + head * width, width * sizeof(float));
      std::memcpy(values.data() + to, v.data() + head * width, width * sizeof(float));
    }
  }
};

const bool registered =
    register_kernel<FewRowsLinear>({"DprunerFewRowsLinear", {}, {"x: float", "weight: float"}, {"y: float"}}) &&
    register_kernel<KeepToken>(
        {"DprunerKeepToken", {}, {"keys: float", "values: float", "k: float", "v: float", "at: int32"}, {}});

}  // namespace
}  // namespace dpruner
