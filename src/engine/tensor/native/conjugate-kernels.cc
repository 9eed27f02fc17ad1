// A step of conjugate gradients for many systems of equations at once, one a row: pruning/exact-update.ts.
#include "kernel.h"
#include "parallel.h"
#include "rows.h"

namespace dpruner {
namespace {

// A row that is solved divides nothing by nothing.
constexpr float kTiny = 1e-30f;

// product becomes (product + damping direction) where a weight is kept, else 0; its dot product with the direction.
DPRUNER_VECTORS
static float curvature_of(const float* direction, float* product, const float* kept, float damping, int64_t count) {
  float lanes[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    for (int l = 0; l < kLanes; l++) {
      product[i + l] = (product[i + l] + damping * direction[i + l]) * kept[i + l];
      lanes[l] += direction[i + l] * product[i + l];
    }
  float total = sum_of(lanes);
  for (; i < count; i++) {
    product[i] = (product[i] + damping * direction[i]) * kept[i];
    total += direction[i] * product[i];
  }
  return total;
}

// weights += step direction, residual -= step product; the residual's squared length with the weights `scale`.
DPRUNER_VECTORS
static float advance(float* weights, float* residual, const float* direction, const float* product, const float* scale,
                     float step, int64_t count) {
  float lanes[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    for (int l = 0; l < kLanes; l++) {
      weights[i + l] += step * direction[i + l];
      const float rest = residual[i + l] - step * product[i + l];
      residual[i + l] = rest;
      lanes[l] += rest * rest * scale[i + l];
    }
  float total = sum_of(lanes);
  for (; i < count; i++) {
    weights[i] += step * direction[i];
    residual[i] -= step * product[i];
    total += residual[i] * residual[i] * scale[i];
  }
  return total;
}

DPRUNER_VECTORS
static void turn_to(float* direction, const float* residual, const float* scale, float turn, int64_t count) {
  for (int64_t i = 0; i < count; i++) direction[i] = residual[i] * scale[i] + turn * direction[i];
}

// weights, residual, direction, product and kept [R, n], length [R, 1], scale [n]: one step, all but kept and scale in place.
struct ConjugateStep {
  explicit ConjugateStep(TF_OpKernelConstruction* c) : damping(float_attribute(c, "damping")) {}
  void compute(TF_OpKernelContext* context) {
    Input weights(context, 0), residual(context, 1), direction(context, 2), length(context, 3), product(context, 4),
        kept(context, 5), scale(context, 6);
    const int64_t rows = weights.dim(0), n = weights.last(), size = weights.size();
    const bool matches = residual.size() == size && direction.size() == size && product.size() == size &&
                         kept.size() == size && length.size() == rows && scale.size() == n;
    if (!fits(context, matches, "a step of conjugate gradients takes tensors of one matrix")) return;
    Workers::shared().run(rows, 1, [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; r++) {
        float* p = direction.data() + r * n;
        float* q = product.data() + r * n;
        float* rest = residual.data() + r * n;
        float& before = length.data()[r];
        const float step = before / (curvature_of(p, q, kept.data() + r * n, damping, n) + kTiny);
        const float after = advance(weights.data() + r * n, rest, p, q, scale.data(), step, n);
        turn_to(p, rest, scale.data(), after / (before + kTiny), n);
        before = after;
      }
    });
  }

  const float damping;
};

const bool registered = register_kernel<ConjugateStep>({"DprunerConjugateStep",
                                                        {"damping: float"},
                                                        {"weights: float", "residual: float", "direction: float",
                                                         "length: float", "product: float", "kept: float", "scale: float"},
                                                        {}});

}  // namespace
}  // namespace dpruner
