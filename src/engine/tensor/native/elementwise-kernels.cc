// SwiGLU and the RMS norm, forward and backward, and running sums, in one pass over the memory each.
#include <algorithm>
#include <cmath>
#include <vector>

#include "kernel.h"
#include "parallel.h"
#include "rows.h"

namespace dpruner {
namespace {

constexpr int64_t kRowsAtATime = 16;

DPRUNER_VECTORS
void swiglu_row(const float* gate, const float* up, float* hidden, int64_t width) {
  for (int64_t i = 0; i < width; i++) hidden[i] = gate[i] * sigmoid_of(gate[i]) * up[i];
}

DPRUNER_VECTORS
void swiglu_gradient_row(const float* gate, const float* up, const float* dy, float* d_gate, float* d_up, int64_t width) {
  for (int64_t i = 0; i < width; i++) {
    const float sigma = sigmoid_of(gate[i]);
    const float silu = gate[i] * sigma;
    d_gate[i] = dy[i] * up[i] * (sigma + silu * (1 - sigma));
    d_up[i] = dy[i] * silu;
  }
}

// gate and up side by side [N, 2 I] to silu(gate) up, [N, I].
struct Swiglu {
  explicit Swiglu(TF_OpKernelConstruction*) {}
  void compute(TF_OpKernelContext* context) {
    Input gate_up(context, 0);
    const int64_t rows = gate_up.dim(0), width = gate_up.last() / 2;
    Output hidden(context, 0, {rows, width});
    if (!hidden.data()) return;
    Workers::shared().run(rows, kRowsAtATime, [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; r++) {
        const float* x = gate_up.data() + 2 * r * width;
        swiglu_row(x, x + width, hidden.data() + r * width, width);
      }
    });
  }
};

// gate and up [N, 2 I], dy [N, I] to d gate and d up, [N, 2 I].
struct SwigluGradient {
  explicit SwigluGradient(TF_OpKernelConstruction*) {}
  void compute(TF_OpKernelContext* context) {
    Input gate_up(context, 0), dy(context, 1);
    const int64_t rows = dy.dim(0), width = dy.last();
    if (!fits(context, gate_up.size() == 2 * dy.size(), "gate and up must be twice as wide as their product")) return;
    Output gradient(context, 0, {rows, 2 * width});
    if (!gradient.data()) return;
    Workers::shared().run(rows, kRowsAtATime, [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; r++) {
        const float* x = gate_up.data() + 2 * r * width;
        float* d = gradient.data() + 2 * r * width;
        swiglu_gradient_row(x, x + width, dy.data() + r * width, d, d + width, width);
      }
    });
  }
};

DPRUNER_VECTORS
float dot_row(const float* x, const float* y, int64_t width) {
  float lanes[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= width; i += kLanes)
    for (int l = 0; l < kLanes; l++) lanes[l] += x[i + l] * y[i + l];
  float total = sum_of(lanes);
  for (; i < width; i++) total += x[i] * y[i];
  return total;
}

DPRUNER_VECTORS
void scale_row(const float* x, const float* weight, float factor, float* y, int64_t width) {
  for (int64_t i = 0; i < width; i++) y[i] = x[i] * factor * weight[i];
}

// y = residual + r w dy - x p
DPRUNER_VECTORS
void norm_gradient_row(const float* x, const float* weight, const float* dy, const float* residual, float r, float p,
                       float* y, int64_t width) {
  for (int64_t i = 0; i < width; i++) y[i] = residual[i] + (weight[i] * dy[i] * r - x[i] * p);
}

DPRUNER_VECTORS
float weighted_dot_row(const float* x, const float* weight, const float* dy, int64_t width) {
  float lanes[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= width; i += kLanes)
    for (int l = 0; l < kLanes; l++) lanes[l] += x[i + l] * (weight[i + l] * dy[i + l]);
  float total = sum_of(lanes);
  for (; i < width; i++) total += x[i] * (weight[i] * dy[i]);
  return total;
}

float inverse_rms(const float* x, int64_t width, float eps) {
  return 1.0f / std::sqrt(dot_row(x, x, width) / static_cast<float>(width) + eps);
}

// x [N, D], weight [D] to w x r, r = (mean(x^2) + eps)^-1/2 of each row.
struct RmsNorm {
  explicit RmsNorm(TF_OpKernelConstruction* c) : eps(float_attribute(c, "eps")) {}
  void compute(TF_OpKernelContext* context) {
    Input x(context, 0), weight(context, 1);
    const int64_t rows = x.dim(0), width = x.last();
    if (!fits(context, weight.size() == width, "the norm's weight has another width")) return;
    Output y(context, 0, {rows, width});
    if (!y.data()) return;
    Workers::shared().run(rows, kRowsAtATime, [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; r++) {
        const float* row = x.data() + r * width;
        scale_row(row, weight.data(), inverse_rms(row, width, eps), y.data() + r * width, width);
      }
    });
  }
  const float eps;
};

// x, dy and residual [N, D], weight [D] to residual + dx, dx = r w dy - x r^3 mean(x w dy).
struct RmsNormGradient {
  explicit RmsNormGradient(TF_OpKernelConstruction* c) : eps(float_attribute(c, "eps")) {}
  void compute(TF_OpKernelContext* context) {
    Input x(context, 0), weight(context, 1), dy(context, 2), residual(context, 3);
    const int64_t rows = x.dim(0), width = x.last();
    if (!fits(context, weight.size() == width && dy.size() == x.size() && residual.size() == x.size(),
              "the norm's input, gradient and residual must be of one shape")) return;
    Output dx(context, 0, {rows, width});
    if (!dx.data()) return;
    Workers::shared().run(rows, kRowsAtATime, [&](int64_t begin, int64_t end) {
      for (int64_t at = begin; at < end; at++) {
        const float* row = x.data() + at * width;
        const float* gradient = dy.data() + at * width;
        const float r = inverse_rms(row, width, eps);
        const float p = r * r * r * weighted_dot_row(row, weight.data(), gradient, width) / static_cast<float>(width);
        norm_gradient_row(row, weight.data(), gradient, residual.data() + at * width, r, p, dx.data() + at * width, width);
      }
    });
  }
  const float eps;
};

constexpr int64_t kValuesAtATime = 1 << 14;

// total += x, in place.
struct Accumulate {
  explicit Accumulate(TF_OpKernelConstruction*) {}
  void compute(TF_OpKernelContext* context) {
    Input total(context, 0), x(context, 1);
    if (!fits(context, total.size() == x.size(), "the sum and its term differ in size")) return;
    Workers::shared().run(total.size(), kValuesAtATime,
                          [&](int64_t begin, int64_t end) { add_row(total.data() + begin, x.data() + begin, end - begin); });
  }
};

// Columns that a core takes at a time, and rows whose sum is taken in float32.
constexpr int64_t kColumnsAtATime = 64, kRowsOfAPart = 32;

DPRUNER_VECTORS
void add_lines(const float* x, int64_t stride, int64_t rows, int64_t columns, bool squares, float* sums) {
  for (int64_t r = 0; r < rows; r++) {
    const float* row = x + r * stride;
    if (squares)
      for (int64_t c = 0; c < columns; c++) sums[c] += row[c] * row[c];
    else
      for (int64_t c = 0; c < columns; c++) sums[c] += row[c];
  }
}

// x [N, D] to the sums over its rows, or over their squares, [D]; in double over parts of the rows.
struct ColumnSums {
  explicit ColumnSums(TF_OpKernelConstruction* c) : squares(int_attribute(c, "squares")) {}
  void compute(TF_OpKernelContext* context) {
    Input x(context, 0);
    const int64_t rows = x.dim(0), width = x.last();
    Output sums(context, 0, {width});
    if (!sums.data()) return;
    Workers::shared().run(width, kColumnsAtATime, [&](int64_t begin, int64_t end) {
      const int64_t columns = end - begin;
      std::vector<double> totals(columns);
      std::vector<float> part(columns);
      for (int64_t r = 0; r < rows; r += kRowsOfAPart) {
        std::fill(part.begin(), part.end(), 0.0f);
        add_lines(x.data() + r * width + begin, width, std::min(kRowsOfAPart, rows - r), columns, squares, part.data());
        for (int64_t c = 0; c < columns; c++) totals[c] += part[c];
      }
      std::copy(totals.begin(), totals.end(), sums.data() + begin);
    });
  }
  const bool squares;
};

// Does nothing: that it can be called shows that the operations are there.
struct Probe {
  explicit Probe(TF_OpKernelConstruction*) {}
  void compute(TF_OpKernelContext*) {}
};

const bool registered =
    register_kernel<Probe>({"DprunerProbe", {}, {}, {}}) &&
    register_kernel<Swiglu>({"DprunerSwiglu", {}, {"gate_up: float"}, {"hidden: float"}}) &&
    register_kernel<SwigluGradient>({"DprunerSwigluGradient", {}, {"gate_up: float", "dy: float"}, {"gradient: float"}}) &&
    register_kernel<RmsNorm>({"DprunerRmsNorm", {"eps: float"}, {"x: float", "weight: float"}, {"y: float"}}) &&
    register_kernel<RmsNormGradient>({"DprunerRmsNormGradient",
                                      {"eps: float"},
                                      {"x: float", "weight: float", "dy: float", "residual: float"},
                                      {"dx: float"}}) &&
    register_kernel<ColumnSums>({"DprunerColumnSums", {"squares: int"}, {"x: float"}, {"sums: float"}}) &&
    register_kernel<Accumulate>({"DprunerAccumulate", {}, {"total: float", "x: float"}, {}});

}  // namespace
}  // namespace dpruner
