// Softmax of attention scores and its gradient, in place, without the masked part; heads parted, rotated and joined again.
#include <cmath>
#include <memory>
#include <vector>

#include "causal-softmax.h"
#include "kernel.h"
#include "parallel.h"
#include "rows.h"

namespace dpruner {
namespace {

// dS = P (dP - sum P dP), over dP.
DPRUNER_VECTORS
void softmax_gradient_row(const float* p, float* d, int64_t begin, int64_t end, int64_t keys) {
  float lanes[kLanes] = {};
  int64_t k = begin;
  for (; k + kLanes <= end; k += kLanes)
    for (int l = 0; l < kLanes; l++) lanes[l] += p[k + l] * d[k + l];
  float total = sum_of(lanes);
  for (; k < end; k++) total += p[k] * d[k];
  for (k = begin; k < end; k++) d[k] = p[k] * (d[k] - total);
  for (k = 0; k < begin; k++) d[k] = 0;
  for (k = end; k < keys; k++) d[k] = 0;
}

constexpr int64_t kRowsAtATime = 64;

// scores [S, R, keys] become probabilities.
struct CausalSoftmax {
  explicit CausalSoftmax(TF_OpKernelConstruction* c) : causal(c) {}
  void compute(TF_OpKernelContext* context) {
    Input scores(context, 0);
    const int64_t keys = scores.last();
    float* x = scores.data();
    Workers::shared().run(scores.size() / keys, kRowsAtATime, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++)
        softmax_row(x + row * keys, causal.begin(row, keys), causal.end(row, keys), keys);
    });
  }
  const CausalWindow causal;
};

// probabilities P and dP [S, R, keys]; dP becomes dS.
struct CausalSoftmaxGradient {
  explicit CausalSoftmaxGradient(TF_OpKernelConstruction* c) : causal(c) {}
  void compute(TF_OpKernelContext* context) {
    Input probabilities(context, 0), gradient(context, 1);
    if (!fits(context, probabilities.size() == gradient.size(), "probabilities and gradient differ in size")) return;
    const int64_t keys = gradient.last();
    const float* p = probabilities.data();
    float* d = gradient.data();
    Workers::shared().run(gradient.size() / keys, kRowsAtATime, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++)
        softmax_gradient_row(p + row * keys, d + row * keys, causal.begin(row, keys), causal.end(row, keys), keys);
    });
  }
  const CausalWindow causal;
};

// How the columns of [N, (H + 2 Hkv) D] are laid out, and the rotation of its heads.
struct HeadShape {
  explicit HeadShape(TF_OpKernelConstruction* c)
      : heads(int_attribute(c, "heads")), kv_heads(int_attribute(c, "kv_heads")), width(int_attribute(c, "head_dim")) {}
  int64_t columns() const { return (heads + 2 * kv_heads) * width; }
  float scale() const { return 1.0f / std::sqrt(static_cast<float>(width)); }
  const int64_t heads, kv_heads, width;
};

// One head of one token rotated by its angle (direction 1) or back (-1), times `scale`.
inline void rotate(const float* x, float* y, const float* cos, const float* sin, int64_t width, float direction, float scale) {
  const int64_t half = width / 2;
  for (int64_t i = 0; i < half; i++) {
    const float a = x[i] * scale, b = x[i + half] * scale, s = direction * sin[i];
    y[i] = a * cos[i] - b * s;
    y[i + half] = b * cos[i] + a * s;
  }
}

// Where a block of queries and the keys it sees lie among the packed tokens; a row of an int32 tensor [B, 4].
struct Place {
  int32_t first_query, queries, first_key, keys;
};

bool lie_within(TF_OpKernelContext* context, const Input& places, int64_t rows) {
  const Place* place = places.data<Place>();
  for (int64_t b = 0; b < places.dim(0); b++) {
    const Place& p = place[b];
    if (!fits(context,
              p.first_query >= 0 && p.first_key >= 0 && p.first_query + p.queries <= rows && p.first_key + p.keys <= rows,
              "a block lies outside of the tokens")) return false;
  }
  return true;
}

using Outputs = std::vector<std::unique_ptr<Output>>;

bool allocate(TF_OpKernelContext* context, Outputs& outputs, std::initializer_list<int64_t> shape) {
  outputs.push_back(std::make_unique<Output>(context, static_cast<int>(outputs.size()), shape));
  return outputs.back()->data() != nullptr;
}

// qkv [N, (H + 2 Hkv) D], cos and sin [N, 1, D/2], places [B, 4] to B times q [Hkv, G b, D], rotated and divided by
// sqrt(D), then B times k [Hkv, keys, D], rotated, then B times v [Hkv, keys, D].
struct SplitHeads {
  explicit SplitHeads(TF_OpKernelConstruction* c) : shape(c) {}
  void compute(TF_OpKernelContext* context) {
    Input qkv(context, 0), cos(context, 1), sin(context, 2), places(context, 3);
    const int64_t d = shape.width, count = places.dim(0), groups = shape.heads / shape.kv_heads;
    if (!fits(context, qkv.last() == shape.columns() && cos.dim(0) == qkv.dim(0) && places.last() == 4,
              "the columns are not those of the heads, or there is not an angle for every token")) return;
    if (!lie_within(context, places, qkv.dim(0))) return;
    const Place* place = places.data<Place>();
    Outputs outputs;
    for (int64_t b = 0; b < count; b++)
      if (!allocate(context, outputs, {shape.kv_heads, groups * place[b].queries, d})) return;
    for (int64_t b = 0; b < 2 * count; b++)
      if (!allocate(context, outputs, {shape.kv_heads, place[b % count].keys, d})) return;
    const int64_t all = shape.heads + 2 * shape.kv_heads;
    Workers::shared().run(all * count, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) split_head(i % all, i / all, count, place[i / all], qkv, cos, sin, outputs);
    });
  }

 private:
  void split_head(int64_t head, int64_t b, int64_t count, const Place& place, const Input& qkv, const Input& cos,
                  const Input& sin, const Outputs& outputs) const {
    const int64_t d = shape.width, is_query = head < shape.heads, is_key = !is_query && head < shape.heads + shape.kv_heads;
    const int64_t first = is_query ? place.first_query : place.first_key, length = is_query ? place.queries : place.keys;
    float* y = outputs[is_query ? b : is_key ? count + b : 2 * count + b]->data() +
               (is_query ? head : (head - shape.heads) % shape.kv_heads) * length * d;
    for (int64_t row = first; row < first + length; row++, y += d) {
      const float* x = qkv.data() + row * shape.columns() + head * d;
      if (is_query || is_key)
        rotate(x, y, cos.data() + row * d / 2, sin.data() + row * d / 2, d, 1, is_query ? shape.scale() : 1);
      else std::memcpy(y, x, d * sizeof(float));
    }
  }
  const HeadShape shape;
};

// x [N, H D] and places [B, 4] to the rows of each block's queries, head by head: B times [Hkv, G b, D].
struct SplitBlocks {
  explicit SplitBlocks(TF_OpKernelConstruction* c) : heads(int_attribute(c, "heads")), kv_heads(int_attribute(c, "kv_heads")) {}
  void compute(TF_OpKernelContext* context) {
    Input x(context, 0), places(context, 1);
    if (!lie_within(context, places, x.dim(0))) return;
    const int64_t count = places.dim(0), d = x.last() / heads;
    const Place* place = places.data<Place>();
    Outputs outputs;
    for (int64_t b = 0; b < count; b++)
      if (!allocate(context, outputs, {kv_heads, heads / kv_heads * place[b].queries, d})) return;
    Workers::shared().run(heads * count, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const int64_t head = i % heads, b = i / heads, length = place[b].queries;
        for (int64_t t = 0; t < length; t++)
          std::memcpy(outputs[b]->data() + (head * length + t) * d,
                      x.data() + ((place[b].first_query + t) * heads + head) * d, d * sizeof(float));
      }
    });
  }
  const int64_t heads, kv_heads;
};

// Blocks of attention outputs [Hkv, G b, D], rows in order, side by side by head: [N, H D].
struct MergeBlocks {
  explicit MergeBlocks(TF_OpKernelConstruction* c) : heads(int_attribute(c, "heads")) {}
  void compute(TF_OpKernelContext* context) {
    std::vector<Input> blocks;
    int64_t rows = 0;
    for (int i = 0; i < TF_NumInputs(context); i++) {
      blocks.emplace_back(context, i);
      rows += blocks.back().dim(0) * blocks.back().dim(1) / heads;
    }
    const int64_t d = blocks[0].last();
    Output merged(context, 0, {rows, heads * d});
    if (!merged.data()) return;
    int64_t first = 0;
    for (const Input& block : blocks) {
      const int64_t length = block.dim(0) * block.dim(1) / heads;
      Workers::shared().run(length, 32, [&](int64_t begin, int64_t end) {
        for (int64_t head = 0; head < heads; head++)
          for (int64_t t = begin; t < end; t++)
            std::memcpy(merged.data() + ((first + t) * heads + head) * d, block.data() + (head * length + t) * d,
                        d * sizeof(float));
      });
      first += length;
    }
  }
  const int64_t heads;
};

// The gradient of SplitHeads, [N, (H + 2 Hkv) D], of cos and sin [N, 1, D/2], places [B, 4], then B times dq [Hkv, G b, D],
// B times dk [Hkv, keys, D], B times dv. A key's gradients are summed over the blocks that see it.
struct JoinHeads {
  explicit JoinHeads(TF_OpKernelConstruction* c) : shape(c) {}
  void compute(TF_OpKernelContext* context) {
    Input cos(context, 0), sin(context, 1), places(context, 2);
    const int64_t count = places.dim(0), rows = cos.dim(0);
    if (!fits(context, TF_NumInputs(context) == 3 + 3 * count, "there must be dq, dk and dv of every block")) return;
    if (!lie_within(context, places, rows)) return;
    std::vector<Input> parts;
    for (int i = 3; i < TF_NumInputs(context); i++) parts.emplace_back(context, i);
    Output joined(context, 0, {rows, shape.columns()});
    if (!joined.data()) return;
    Workers::shared().run(shape.heads + 2 * shape.kv_heads, 1, [&](int64_t begin, int64_t end) {
      for (int64_t head = begin; head < end; head++) {
        if (head < shape.heads) join_query(head, places.data<Place>(), count, parts, cos, sin, joined.data());
        else join_key(head - shape.heads, places.data<Place>(), count, parts, cos, sin, rows, joined.data());
      }
    });
  }

 private:
  void join_query(int64_t head, const Place* place, int64_t count, const std::vector<Input>& parts, const Input& cos,
                  const Input& sin, float* joined) const {
    const int64_t d = shape.width;
    for (int64_t b = 0; b < count; b++)
      for (int64_t t = 0; t < place[b].queries; t++) {
        const int64_t row = place[b].first_query + t;
        rotate(parts[b].data() + (head * place[b].queries + t) * d, joined + row * shape.columns() + head * d,
               cos.data() + row * d / 2, sin.data() + row * d / 2, d, -1, shape.scale());
      }
  }

  // `head` counts the key heads, then the value heads.
  void join_key(int64_t head, const Place* place, int64_t count, const std::vector<Input>& parts, const Input& cos,
                const Input& sin, int64_t rows, float* joined) const {
    const int64_t d = shape.width, columns = shape.columns(), is_key = head < shape.kv_heads;
    float* column = joined + (shape.heads + head) * d;
    for (int64_t row = 0; row < rows; row++) std::memset(column + row * columns, 0, d * sizeof(float));
    for (int64_t b = 0; b < count; b++) {
      const int64_t keys = place[b].keys;
      const float* x = parts[(is_key ? 1 : 2) * count + b].data() + head % shape.kv_heads * keys * d;
      for (int64_t k = 0; k < keys; k++)
        for (int64_t i = 0; i < d; i++) column[(place[b].first_key + k) * columns + i] += x[k * d + i];
    }
    for (int64_t row = 0; is_key && row < rows; row++) {
      float* x = column + row * columns;
      rotate(x, x, cos.data() + row * d / 2, sin.data() + row * d / 2, d, -1, 1);
    }
  }
  const HeadShape shape;
};

const bool registered =
    register_kernel<CausalSoftmax>({"DprunerCausalSoftmax", {"queries: int", "offset: int", "window: int"}, {"scores: float"}, {}}) &&
    register_kernel<CausalSoftmaxGradient>({"DprunerCausalSoftmaxGradient",
                                            {"queries: int", "offset: int", "window: int"},
                                            {"probabilities: float", "gradient: float"}, {}}) &&
    register_kernel<SplitHeads>({"DprunerSplitHeads",
                                 {"heads: int", "kv_heads: int", "head_dim: int", "N: int"},
                                 {"qkv: float", "cos: float", "sin: float", "places: int32"},
                                 {"q: N * float", "k: N * float", "v: N * float"}}) &&
    register_kernel<SplitBlocks>({"DprunerSplitBlocks",
                                  {"heads: int", "kv_heads: int", "N: int"},
                                  {"x: float", "places: int32"},
                                  {"blocks: N * float"}}) &&
    register_kernel<MergeBlocks>({"DprunerMergeBlocks", {"heads: int", "N: int"}, {"blocks: N * float"}, {"merged: float"}}) &&
    register_kernel<JoinHeads>({"DprunerJoinHeads",
                                {"heads: int", "kv_heads: int", "head_dim: int", "N: int"},
                                {"cos: float", "sin: float", "places: int32", "parts: N * float"},
                                {"joined: float"}});

}  // namespace
}  // namespace dpruner
