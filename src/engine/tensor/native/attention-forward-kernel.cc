// Attention of a block of queries whose scores never are in memory: some rows at a time, on one core each.
#include "causal-softmax.h"
#include "kernel.h"
#include "matrix-product.h"

namespace dpruner {
namespace {

// Tiles of rows whose scores are there at a time.
constexpr int64_t kTilesAtATime = 4;

// One key/value head's share: q [rows, width], k and v [keys, width] to y [rows, width].
struct Head {
  const float *q, *k, *v;
  float* y;
  int64_t rows, keys, width;
};

// All keys that any of the rows sees.
Range seen_by(const CausalWindow& causal, Range rows, int64_t keys) {
  Range seen{keys, 0};
  for (int64_t r = rows.begin; r < rows.end; r++) {
    seen.begin = std::min(seen.begin, causal.begin(r, keys));
    seen.end = std::max(seen.end, causal.end(r, keys));
  }
  return seen;
}

// Scores, their softmax and the values that they weigh, of some rows.
void attend_rows(const Head& head, const CausalWindow& causal, Range rows, const Panels& keys, const Panels& values) {
  static thread_local PackingRoom score_room;
  const int64_t width = head.width, count = rows.size(), panel = tile_kernels().columns;
  const Range seen = seen_by(causal, rows, head.keys);
  // Whole panels of keys: those beyond the last one are zeros, and no row sees what lies outside of its own keys.
  const Range wide{seen.begin / panel * panel, parts_of(seen.end, panel) * panel};
  float* scores = score_room.take(count * wide.size());
  const Product of_keys{{head.q + rows.begin * width, width, 1}, {}, count, wide.size(), scores};
  multiply_rows(of_keys, {0, count}, {0, wide.size()}, {0, width}, Into::store, {keys.data + wide.begin * width, width});
  for (int64_t r = rows.begin; r < rows.end; r++)
    softmax_row(scores + (r - rows.begin) * wide.size(), causal.begin(r, head.keys) - wide.begin, causal.end(r, head.keys) - wide.begin,
                seen.end - wide.begin);
  const Product of_values{{scores, wide.size(), 1}, {}, count, width, head.y + rows.begin * width};
  multiply_rows(of_values, {0, count}, {0, width}, {0, seen.end - wide.begin}, Into::store,
                {values.data + wide.begin * panel, values.depth});
}

void attend(const Head& head, const CausalWindow& causal, Range rows) {
  static thread_local PackingRoom key_room, value_room;
  const int64_t keys = seen_by(causal, rows, head.keys).end, step = kTilesAtATime * tile_kernels().rows;
  const Panels packed_keys = pack_panels({head.k, head.width, 1}, {0, keys}, {0, head.width}, key_room);
  const Panels packed_values = pack_panels({head.v, 1, head.width}, {0, head.width}, {0, keys}, value_room);
  for (int64_t r = rows.begin; r < rows.end; r += step)
    attend_rows(head, causal, {r, std::min(rows.end, r + step)}, packed_keys, packed_values);
}

// q [Hkv, G b, D] divided by sqrt(D), k and v [Hkv, keys, D] to softmax(q k^T) v of the keys that each query sees, [Hkv, G b, D].
struct Attention {
  explicit Attention(TF_OpKernelConstruction* c) : causal(c) {}
  void compute(TF_OpKernelContext* context) {
    Input q(context, 0), k(context, 1), v(context, 2);
    const int64_t heads = q.dim(0), rows = q.dim(1), width = q.dim(2), keys = k.dim(1);
    if (!fits(context, k.dim(0) == heads && k.dim(2) == width && v.size() == k.size(), "queries, keys and values differ in heads or width"))
      return;
    Output y(context, 0, {heads, rows, width});
    if (!y.data()) return;
    const int64_t wanted = parts_of(4 * Workers::shared().threads(), heads), tile = kTilesAtATime * tile_kernels().rows;
    const int64_t step = std::max(tile, parts_of(parts_of(rows, wanted), tile) * tile), parts = parts_of(rows, step);
    Workers::shared().run(heads * parts, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const int64_t h = i / parts, first = i % parts * step;
        const Head head{q.data() + h * rows * width, k.data() + h * keys * width, v.data() + h * keys * width,
                        y.data() + h * rows * width, rows, keys, width};
        attend(head, causal, {first, std::min(rows, first + step)});
      }
    });
  }
  const CausalWindow causal;
};

const bool registered = register_kernel<Attention>({"DprunerAttention",
                                                    {"queries: int", "offset: int", "window: int"},
                                                    {"q: float", "k: float", "v: float"},
                                                    {"y: float"}});

}  // namespace
}  // namespace dpruner
