// Attention of a block of queries whose scores never are in memory: some rows at a time, on one core each.
#include "attention-tiles.h"
#include "kernel.h"

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

// A row's scores become e^(score - largest), or 0 where they are not seen; returns 1 by their sum.
template <int P>
DPRUNER_INLINE float exponentials(const PanelRow& scores) {
  hide_unseen<P>(scores, kUnseen);
  const float largest = largest_in<P>(scores);
  float sums[P] = {};
  for (int64_t p = 0; p < scores.panels; p++) {
    float* x = scores.data + p * scores.stride;
    for (int l = 0; l < P; l++) {
      const float e = exp_of(x[l] - largest);
      x[l] = e;
      sums[l] += e;
    }
  }
  hide_unseen<P>(scores, 0);
  return 1.0f / total_of<P>(sums);
}

DPRUNER_VECTORS
float exponentials_wide(const PanelRow& scores) { return exponentials<32>(scores); }

DPRUNER_VECTORS
float exponentials_narrow(const PanelRow& scores) { return exponentials<2 * kNarrow>(scores); }

// Scores, their softmax and the values that they weigh, of some rows.
void attend_rows(const Head& head, const CausalWindow& causal, Range rows, const Panels& keys, const Panels& values) {
  static thread_local PackingRoom score_room, q_room, scale_room;
  const auto exponentials = tile_kernels().columns == 32 ? exponentials_wide : exponentials_narrow;
  const QueryTiles t(causal, rows, head.keys);
  float *scores = score_room.take(t.numbers()), *scales = scale_room.take(rows.size()), *y = head.y + rows.begin * head.width;
  multiply_keys(t, pack_tiles(t, head.q + rows.begin * head.width, head.width, q_room), keys, scores);
  for (int64_t i = 0; i < t.tiles; i++)
    for (int64_t r = t.first_row(i); r < t.first_row(i) + t.rows_of(i); r++) scales[r] = exponentials(row_of(t, i, r, scores));
  multiply_values(t, scores, values, head.width, y);
  for (int64_t r = 0; r < rows.size(); r++) multiply_row(y + r * head.width, scales[r], head.width);
}

void attend(const Head& head, const CausalWindow& causal, Range rows) {
  static thread_local PackingRoom key_room, value_room;
  const int64_t keys = QueryTiles(causal, rows, head.keys).end(), step = kTilesAtATime * tile_kernels().rows;
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
