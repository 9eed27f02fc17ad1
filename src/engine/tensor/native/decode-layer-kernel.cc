// A whole decoder layer for one further token of each of some sequences: RMS norm, attention to the tokens kept, SwiGLU. Its many
// small steps would cost more as operations of their own than their arithmetic.
#include <cmath>
#include <cstring>
#include <vector>

#include "few-rows.h"
#include "kernel.h"
#include "team.h"

namespace dpruner {
namespace {

// A weight is shared out in parts of so many bytes.
constexpr int64_t kPartBytes = 1 << 16;

DPRUNER_VECTORS
void norm_row(const float* x, const float* weight, int64_t width, float eps, float* y) {
  float squares;
  few_rows(x, 1, x, 1, width, &squares, 1);
  const float factor = 1.0f / std::sqrt(squares / static_cast<float>(width) + eps);
  for (int64_t i = 0; i < width; i++) y[i] = x[i] * factor * weight[i];
}

DPRUNER_VECTORS
void add_values(float* total, const float* x, int64_t count) {
  for (int64_t i = 0; i < count; i++) total[i] += x[i];
}

DPRUNER_VECTORS
void swiglu_values(const float* gate, const float* up, float* hidden, int64_t count) {
  for (int64_t i = 0; i < count; i++) hidden[i] = gate[i] * sigmoid_of(gate[i]) * up[i];
}

// Rotates a head by its token's angle, in place.
void rotate(float* x, const float* cos, const float* sin, int64_t width, float scale) {
  const int64_t half = width / 2;
  for (int64_t i = 0; i < half; i++) {
    const float a = x[i] * scale, b = x[i + half] * scale;
    x[i] = a * cos[i] - b * sin[i];
    x[i + half] = b * cos[i] + a * sin[i];
  }
}

// The inputs in their order. An empty vector: the model has none.
struct LayerInputs {
  explicit LayerInputs(TF_OpKernelContext* c)
      : x(c, 0), cos(c, 1), sin(c, 2), lengths(c, 3), input_norm(c, 4), qkv(c, 5), qkv_bias(c, 6), query_norm(c, 7), key_norm(c, 8),
        output(c, 9), mlp_norm(c, 10), gate_up(c, 11), down(c, 12) {
    const int64_t rows = x.dim(0);
    for (int64_t r = 0; r < 2 * rows; r++) (r < rows ? keys : values).emplace_back(c, 13 + r);
  }
  Input x, cos, sin, lengths, input_norm, qkv, qkv_bias, query_norm, key_norm, output, mlp_norm, gate_up, down;
  std::vector<Input> keys, values;
};

// x [N, hidden], cos and sin [N, 1, D/2], tokens kept of each sequence [N], the layer's weights, then N keys and N values
// [Hkv, room, D], which the tokens' own are written into, to the layer's output [N, hidden].
class DecodeLayer {
 public:
  explicit DecodeLayer(TF_OpKernelConstruction* c)
      : heads_(int_attribute(c, "heads")), kv_heads_(int_attribute(c, "kv_heads")), d_(int_attribute(c, "head_dim")),
        window_(int_attribute(c, "window")), eps_(float_attribute(c, "eps")) {}

  void compute(TF_OpKernelContext* context) {
    const LayerInputs in(context);
    const int64_t rows = in.x.dim(0), hidden = in.x.last();
    if (!are_right(context, in)) return;
    Output y(context, 0, {rows, hidden});
    if (!y.data()) return;
    const int64_t columns = in.qkv.dim(0), inner = in.down.last();
    std::vector<float> normed(rows * hidden), qkv(rows * columns), attended(rows * heads_ * d_), gate_up(2 * rows * inner),
        activated(rows * inner);
    std::memcpy(y.data(), in.x.data(), rows * hidden * sizeof(float));
    Team team(kSteps);
    team.run([&](Team::Member& member) {
      norm(member, y.data(), in.input_norm, rows, normed.data());
      linear(member, normed.data(), rows, in.qkv, qkv.data());
      member.share(rows * kv_heads_, 1, [&](int64_t begin, int64_t) {
        attend(in, begin / kv_heads_, begin % kv_heads_, qkv.data() + begin / kv_heads_ * columns, attended.data());
      });
      add_linear(member, attended.data(), rows, in.output, y.data());
      norm(member, y.data(), in.mlp_norm, rows, normed.data());
      gated(member, normed.data(), rows, in.gate_up, gate_up.data(), activated.data());
      add_linear(member, activated.data(), rows, in.down, y.data());
    });
  }

 private:
  static constexpr int kSteps = 7;

  bool are_right(TF_OpKernelContext* context, const LayerInputs& in) const {
    const int64_t rows = in.x.dim(0), hidden = in.x.last(), columns = (heads_ + 2 * kv_heads_) * d_;
    const auto empty_or = [](const Input& vector, int64_t size) { return vector.size() == 0 || vector.size() == size; };
    const bool weights = in.qkv.dim(0) == columns && in.qkv.last() == hidden && in.output.dim(0) == hidden &&
                         in.output.last() == heads_ * d_ && in.gate_up.last() == hidden && in.down.dim(0) == hidden &&
                         in.gate_up.dim(0) == 2 * in.down.last() && in.input_norm.size() == hidden && in.mlp_norm.size() == hidden &&
                         empty_or(in.qkv_bias, columns) && empty_or(in.query_norm, d_) && empty_or(in.key_norm, d_);
    if (!fits(context, weights, "the weights are not those of one decoder layer")) return false;
    if (!fits(context, in.cos.size() == rows * d_ / 2 && in.sin.size() == in.cos.size() && in.lengths.size() == rows,
              "there is not an angle and a length for every sequence")) return false;
    for (int64_t r = 0; r < rows; r++) {
      const Input &keys = in.keys[r], &values = in.values[r];
      const int32_t length = in.lengths.data<int32_t>()[r];
      if (!fits(context,
                keys.dim(0) == kv_heads_ && keys.last() == d_ && keys.size() == values.size() && length >= 0 && length < keys.dim(1),
                "the token does not fit beside the earlier ones")) return false;
    }
    return true;
  }

  void norm(Team::Member& member, const float* x, const Input& weight, int64_t rows, float* y) const {
    const int64_t width = weight.size();
    member.share(rows, 1, [&](int64_t r, int64_t) { norm_row(x + r * width, weight.data(), width, eps_, y + r * width); });
  }

  static int64_t part_of(const Input& weight) {
    const int64_t outputs = kPartBytes / static_cast<int64_t>(sizeof(float)) / weight.last();
    return std::max<int64_t>(8, outputs / 8 * 8);
  }

  static void linear(Team::Member& member, const float* x, int64_t rows, const Input& weight, float* y) {
    const int64_t inputs = weight.last(), outputs = weight.dim(0);
    member.share(outputs, part_of(weight), [&](int64_t begin, int64_t end) {
      few_rows(x, rows, weight.data() + begin * inputs, end - begin, inputs, y + begin, outputs);
    });
  }

  static void add_linear(Team::Member& member, const float* x, int64_t rows, const Input& weight, float* total) {
    const int64_t inputs = weight.last(), outputs = weight.dim(0);
    member.share(outputs, part_of(weight), [&](int64_t begin, int64_t end) {
      std::vector<float> part(rows * (end - begin));
      few_rows(x, rows, weight.data() + begin * inputs, end - begin, inputs, part.data(), end - begin);
      for (int64_t r = 0; r < rows; r++) add_values(total + r * outputs + begin, part.data() + r * (end - begin), end - begin);
    });
  }

  static void gated(Team::Member& member, const float* x, int64_t rows, const Input& weight, float* gate_up, float* hidden) {
    const int64_t inputs = weight.last(), inner = weight.dim(0) / 2;
    member.share(inner, part_of(weight), [&](int64_t begin, int64_t end) {
      for (int64_t first : {begin, inner + begin})
        few_rows(x, rows, weight.data() + first * inputs, end - begin, inputs, gate_up + first, 2 * inner);
      for (int64_t r = 0; r < rows; r++) {
        const float* gate = gate_up + 2 * r * inner + begin;
        swiglu_values(gate, gate + inner, hidden + r * inner + begin, end - begin);
      }
    });
  }

  // The queries of one key head of one sequence's token: its row of queries, keys and values becomes rows of `attended`.
  void attend(const LayerInputs& in, int64_t r, int64_t kv_head, float* row, float* attended) const {
    const int64_t groups = heads_ / kv_heads_, length = in.lengths.data<int32_t>()[r], room = in.keys[r].dim(1);
    float* q = row + kv_head * groups * d_;
    float* k = row + (heads_ + kv_head) * d_;
    float* v = k + kv_heads_ * d_;
    if (in.qkv_bias.size()) {
      const float* bias = in.qkv_bias.data();
      add_values(q, bias + (q - row), groups * d_);
      add_values(k, bias + (k - row), d_);
      add_values(v, bias + (v - row), d_);
    }
    for (int64_t g = 0; g < groups; g++) place(in, r, q + g * d_, in.query_norm, query_scale());
    place(in, r, k, in.key_norm, 1);
    float* keys = in.keys[r].data() + kv_head * room * d_;
    float* values = in.values[r].data() + kv_head * room * d_;
    std::memcpy(keys + length * d_, k, d_ * sizeof(float));
    std::memcpy(values + length * d_, v, d_ * sizeof(float));
    const int64_t first = window_ == 0 ? 0 : std::max<int64_t>(0, length + 1 - window_), seen = length + 1 - first;
    std::vector<float> scores(groups * seen);
    few_rows(q, groups, keys + first * d_, seen, d_, scores.data(), seen);
    float* y = attended + (r * heads_ + kv_head * groups) * d_;
    for (int64_t g = 0; g < groups; g++) {
      float* row = scores.data() + g * seen;
      const float scale = 1.0f / exponentials_of(row, largest_of(row, seen), seen);
      for (int64_t i = 0; i < seen; i++) row[i] *= scale;
    }
    blend_values(scores.data(), seen, groups, values + first * d_, seen, d_, y);
  }

  // Norms and rotates one head of a token.
  void place(const LayerInputs& in, int64_t r, float* x, const Input& weight, float scale) const {
    if (weight.size()) norm_row(x, weight.data(), d_, eps_, x);
    rotate(x, in.cos.data() + r * d_ / 2, in.sin.data() + r * d_ / 2, d_, scale);
  }

  float query_scale() const { return 1.0f / std::sqrt(static_cast<float>(d_)); }

  const int64_t heads_, kv_heads_, d_, window_;
  const float eps_;
};

const bool registered = register_kernel<DecodeLayer>(
    {"DprunerDecodeLayer",
     {"heads: int", "kv_heads: int", "head_dim: int", "window: int", "eps: float", "N: int"},
     {"x: float", "cos: float", "sin: float", "lengths: int32", "input_norm: float", "qkv: float", "qkv_bias: float",
      "query_norm: float", "key_norm: float", "output: float", "mlp_norm: float", "gate_up: float", "down: float",
      "keys: N * float", "values: N * float"},
     {"y: float"}});

}  // namespace
}  // namespace dpruner
