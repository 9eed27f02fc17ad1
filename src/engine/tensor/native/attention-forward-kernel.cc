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

// Columns of a product, panel after panel, each [depth, columns of a tile].
struct Panels {
  const float* data;
  int64_t depth;
  const float* from(int64_t column, int64_t k) const { return data + column * depth + k * tile_kernels().columns; }
};

Panels pack_panels(Lines columns, int64_t count, int64_t depth, PackingRoom& room) {
  const int64_t width = tile_kernels().columns;
  float* packed = room.take(parts_of(count, width) * width * depth);
  for (int64_t c = 0; c < count; c += width)
    tile_kernels().pack_columns(columns.from(c, 0), std::min(width, count - c), depth, packed + c * depth);
  return {packed, depth};
}

// y [count, columns], its rows `stride` apart, of `count` rows and columns [begin, end) of the panels, over [first, last) of their depth.
void multiply_panels(Lines rows, int64_t count, const Panels& panels, Range columns, Range depth, float* y, int64_t stride,
                     PackingRoom& room) {
  const TileKernels& kernels = tile_kernels();
  float* packed = room.take(parts_of(count, kernels.rows) * kernels.rows * depth.size());
  for (int64_t r = 0; r < count; r += kernels.rows)
    kernels.pack_rows(rows.from(r, 0), std::min<int64_t>(kernels.rows, count - r), depth.size(), packed + r * depth.size());
  for (int64_t c = columns.begin; c < columns.end; c += kernels.columns)
    for (int64_t r = 0; r < count; r += kernels.rows)
      kernels.tile(packed + r * depth.size(), panels.from(c, depth.begin), depth.size(), Into::store,
                   y + r * stride + c - columns.begin, stride, std::min<int64_t>(kernels.rows, count - r),
                   std::min<int64_t>(kernels.columns, columns.end - c));
}

// Scores, their softmax and the values that they weigh, of some rows.
void attend_rows(const Head& head, const CausalWindow& causal, Range rows, const Panels& keys, const Panels& values) {
  static thread_local PackingRoom score_room, row_room;
  const int64_t width = head.width, panel = tile_kernels().columns;
  const Range seen = seen_by(causal, rows, head.keys);
  // Whole panels of keys: those beyond the last one are zeros, and no row sees what lies outside of its own keys.
  const Range wide{seen.begin / panel * panel, parts_of(seen.end, panel) * panel};
  float* scores = score_room.take(rows.size() * wide.size());
  multiply_panels({head.q + rows.begin * width, width, 1}, rows.size(), keys, wide, {0, width}, scores, wide.size(), row_room);
  for (int64_t r = rows.begin; r < rows.end; r++)
    softmax_row(scores + (r - rows.begin) * wide.size(), causal.begin(r, head.keys) - wide.begin, causal.end(r, head.keys) - wide.begin,
                seen.end - wide.begin);
  multiply_panels({scores, wide.size(), 1}, rows.size(), values, {0, width}, {wide.begin, seen.end}, head.y + rows.begin * width, width,
                  row_room);
}

void attend(const Head& head, const CausalWindow& causal, Range rows) {
  static thread_local PackingRoom key_room, value_room;
  const int64_t keys = seen_by(causal, rows, head.keys).end, step = kTilesAtATime * tile_kernels().rows;
  const Panels packed_keys = pack_panels({head.k, head.width, 1}, keys, head.width, key_room);
  const Panels packed_values = pack_panels({head.v, 1, head.width}, head.width, keys, value_room);
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
