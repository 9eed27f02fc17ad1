// The gradient of attention. Scores are computed again, some rows at a time, and never are in memory.
#include <algorithm>
#include <memory>
#include <vector>

#include "attention-tiles.h"
#include "kernel.h"

namespace dpruner {
namespace {

// Scores that are there at a time, and as many of their gradients: 256 KiB each, of a core's own cache.
constexpr int64_t kScoreRoom = 1 << 16;
constexpr int64_t kMostTiles = 12, kFewestTiles = 2;
// Where there are fewer heads of all blocks than this, their rows are parted. It does not depend on the cores, as sums do on it.
constexpr int64_t kParts = 12;

// One key/value head's share of a block: q, dy and dq [rows, width], k, v, dk and dv [keys, width].
struct Head {
  const float *q, *k, *v, *dy;
  float *dq, *dk, *dv;
  int64_t rows, keys, width;
  CausalWindow causal;
};

// A row's scores become probabilities P, and the gradient there becomes dS = P (dP - sum P dP); 0 where they are not seen.
template <int P>
DPRUNER_INLINE void softmax_gradient(const PanelRow& scores, const PanelRow& gradient) {
  hide_unseen<P>(scores, kUnseen);
  hide_unseen<P>(gradient, 0);
  const float largest = largest_in<P>(scores);
  float sums[P] = {}, dots[P] = {};
  for (int64_t p = 0; p < scores.panels; p++) {
    float *x = scores.data + p * scores.stride, *d = gradient.data + p * gradient.stride;
    for (int l = 0; l < P; l++) {
      const float e = exp_of(x[l] - largest);
      x[l] = e;
      sums[l] += e;
      dots[l] += e * d[l];
    }
  }
  const float scale = 1.0f / total_of<P>(sums), dot = scale * total_of<P>(dots);
  for (int64_t p = 0; p < scores.panels; p++) {
    float *x = scores.data + p * scores.stride, *d = gradient.data + p * gradient.stride;
    for (int l = 0; l < P; l++) {
      const float probability = x[l] * scale;
      x[l] = probability;
      d[l] = probability * (d[l] - dot);
    }
  }
  hide_unseen<P>(scores, 0);
  hide_unseen<P>(gradient, 0);
}

DPRUNER_VECTORS
void softmax_gradient_wide(const PanelRow& scores, const PanelRow& gradient) { softmax_gradient<32>(scores, gradient); }

DPRUNER_VECTORS
void softmax_gradient_narrow(const PanelRow& scores, const PanelRow& gradient) { softmax_gradient<2 * kNarrow>(scores, gradient); }

void through_softmax(const QueryTiles& t, float* scores, float* gradients) {
  const auto of_row = t.wide() == 32 ? softmax_gradient_wide : softmax_gradient_narrow;
  for (int64_t i = 0; i < t.tiles; i++)
    for (int64_t r = t.first_row(i); r < t.first_row(i) + t.rows_of(i); r++)
      of_row(row_of(t, i, r, scores), row_of(t, i, r, gradients));
}

// Sums over rows for each key, transposed: panels of keys, each [lines, panel], the lines being the width in whole tiles.
int64_t lines_of(int64_t width) { return parts_of(width, tile_kernels().rows) * tile_kernels().rows; }
int64_t panels_of(int64_t keys) { return parts_of(keys, tile_kernels().columns); }
int64_t sum_numbers(const Head& head) { return panels_of(head.keys) * tile_kernels().columns * lines_of(head.width); }

// sums += x^T weights, of x [rows, width] and the weights in panels as scores are.
void add_to_keys(const QueryTiles& t, const float* x, int64_t width, float* weights, float* sums) {
  static thread_local PackingRoom room;
  const TileKernels& kernels = tile_kernels();
  const int64_t rows = t.rows.size(), lines = lines_of(width);
  float* packed = room.take(lines * rows);
  for (int64_t l = 0; l < lines; l += t.tall())
    kernels.pack_rows({x + l, 1, width}, std::min(t.tall(), width - l), rows, packed + l * rows);
  for (int64_t p = t.panels().begin; p < t.panels().end; p++)
    for (int64_t i = 0, next; i < t.tiles; i = next) {
      next = i + 1;
      if (!t.sees(i, p)) continue;
      while (next < t.tiles && t.sees(next, p)) next++;
      const int64_t first = t.first_row(i), depth = std::min(rows, t.first_row(next)) - first;
      for (int64_t l = 0; l < lines; l += t.tall())
        kernels.tile(packed + l * rows + first * t.tall(), t.at(weights, p, first), depth, Into::add, sums + (p * lines + l) * t.wide(),
                     t.wide(), t.tall(), t.wide());
    }
}

struct PackedKeys {
  Panels keys, values, key_columns;
};

// dq of some rows; their share of dk and dv is added to the sums, dk's before dv's.
void add_rows(const Head& head, Range rows, const PackedKeys& packed, float* sums) {
  static thread_local PackingRoom score_room, gradient_room, q_room, dy_room;
  const QueryTiles t(head.causal, rows, head.keys);
  const float *q = head.q + rows.begin * head.width, *dy = head.dy + rows.begin * head.width;
  float *scores = score_room.take(t.numbers()), *gradients = gradient_room.take(t.numbers());
  multiply_keys(t, pack_tiles(t, q, head.width, q_room), packed.keys, scores);
  multiply_keys(t, pack_tiles(t, dy, head.width, dy_room), packed.values, gradients);
  through_softmax(t, scores, gradients);
  multiply_values(t, gradients, packed.key_columns, head.width, head.dq + rows.begin * head.width);
  add_to_keys(t, q, head.width, gradients, sums);
  add_to_keys(t, dy, head.width, scores, sums + sum_numbers(head));
}

// The same of part `part` of the head's rows, the sums from zero.
void add_part(const Head& head, int64_t part, int64_t parts, float* sums) {
  static thread_local PackingRoom key_room, value_room, column_room;
  const Range keys{0, head.keys}, width{0, head.width}, rows{head.rows * part / parts, head.rows * (part + 1) / parts};
  const PackedKeys packed{pack_panels({head.k, head.width, 1}, keys, width, key_room),
                          pack_panels({head.v, head.width, 1}, keys, width, value_room),
                          pack_panels({head.k, 1, head.width}, width, keys, column_room)};
  std::memset(sums, 0, 2 * sum_numbers(head) * sizeof(float));
  const int64_t tile = tile_kernels().rows, tiles = std::clamp(kScoreRoom / (tile * head.keys), kFewestTiles, kMostTiles);
  for (int64_t r = rows.begin; r < rows.end; r += tiles * tile) add_rows(head, {r, std::min(rows.end, r + tiles * tile)}, packed, sums);
}

// Sums of panel `p` of the keys to their rows of y [keys, width].
void put_panel(const float* sums, int64_t p, int64_t keys, int64_t width, float* y) {
  static thread_local PackingRoom room;
  const int64_t wide = tile_kernels().columns, first = p * wide, count = std::min(wide, keys - first);
  float* turned = room.take(wide * wide);
  for (int64_t c = 0; c < width; c += wide) {
    const int64_t columns = std::min(wide, width - c);
    tile_kernels().pack_columns({sums + (p * lines_of(width) + c) * wide, wide, 1}, columns, count, turned);
    for (int64_t k = 0; k < count; k++) std::memcpy(y + (first + k) * width + c, turned + k * wide, columns * sizeof(float));
  }
}

void put_sums(const Head& head, const float* sums) {
  for (int64_t p = 0; p < panels_of(head.keys); p++) {
    put_panel(sums, p, head.keys, head.width, head.dk);
    put_panel(sums + sum_numbers(head), p, head.keys, head.width, head.dv);
  }
}

// Each head's parts on one core each, the longest first.
void attend_backward(std::vector<Head> heads) {
  std::stable_sort(heads.begin(), heads.end(), [](const Head& a, const Head& b) { return a.rows * a.keys > b.rows * b.keys; });
  const int64_t count = heads.size(), parts = parts_of(kParts, count);
  if (parts == 1) {
    Workers::shared().run(count, 1, [&](int64_t begin, int64_t end) {
      static thread_local PackingRoom room;
      for (int64_t i = begin; i < end; i++) {
        float* sums = room.take(2 * sum_numbers(heads[i]));
        add_part(heads[i], 0, 1, sums);
        put_sums(heads[i], sums);
      }
    });
    return;
  }
  const int64_t most = 2 * sum_numbers(*std::max_element(heads.begin(), heads.end(), [](const Head& a, const Head& b) { return a.keys < b.keys; }));
  PackingRoom room;
  float* sums = room.take(count * parts * most);
  Workers::shared().run(count * parts, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) add_part(heads[i / parts], i % parts, parts, sums + i * most);
  });
  Workers::shared().run(count, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      float* total = sums + i * parts * most;
      for (int64_t part = 1; part < parts; part++) add_row(total, total + part * most, 2 * sum_numbers(heads[i]));
      put_sums(heads[i], total);
    }
  });
}

bool fit_together(TF_OpKernelContext* context, const Input& q, const Input& k, const Input& v, const Input& dy, const int32_t* place) {
  return fits(context, k.dim(0) == q.dim(0) && k.dim(2) == q.dim(2) && v.size() == k.size() && dy.size() == q.size(),
              "queries, keys, values and gradient differ in heads or width") &&
         fits(context, place[1] > 0 && q.dim(1) % place[1] == 0 && place[0] >= place[2] && k.dim(1) == place[0] - place[2] + place[1],
              "a block's place is not that of its queries and keys");
}

// The gradients of DprunerAttention in B blocks at q [Hkv, G b, D], k and v [Hkv, keys, D], from those at its outputs, dy
// [Hkv, G b, D]: B times dq, then dk, then dv. Places [B, 4]: first query, queries, first key, keys.
struct AttentionGradient {
  explicit AttentionGradient(TF_OpKernelConstruction* c) : window(int_attribute(c, "window")) {}
  void compute(TF_OpKernelContext* context) {
    const int64_t count = (TF_NumInputs(context) - 1) / 4;
    Input places(context, 0);
    if (!fits(context, places.size() == 4 * count, "there must be a place for every block")) return;
    std::vector<Input> inputs;
    for (int i = 1; i < TF_NumInputs(context); i++) inputs.emplace_back(context, i);
    std::vector<std::unique_ptr<Output>> outputs;
    for (int64_t i = 0; i < 3 * count; i++) {
      outputs.push_back(std::make_unique<Output>(
          context, static_cast<int>(i), std::initializer_list<int64_t>{inputs[i].dim(0), inputs[i].dim(1), inputs[i].dim(2)}));
      if (!outputs.back()->data()) return;
    }
    std::vector<Head> heads;
    for (int64_t b = 0; b < count; b++) {
      const Input &q = inputs[b], &k = inputs[count + b], &v = inputs[2 * count + b], &dy = inputs[3 * count + b];
      const int32_t* place = places.data<int32_t>() + 4 * b;
      if (!fit_together(context, q, k, v, dy, place)) return;
      const int64_t rows = q.dim(1), keys = k.dim(1), width = q.dim(2);
      for (int64_t h = 0; h < q.dim(0); h++) {
        const int64_t row = h * rows * width, key = h * keys * width;
        heads.push_back({q.data() + row, k.data() + key, v.data() + key, dy.data() + row, outputs[b]->data() + row,
                         outputs[count + b]->data() + key, outputs[2 * count + b]->data() + key, rows, keys, width,
                         CausalWindow(place[1], place[0] - place[2], window)});
      }
    }
    if (!heads.empty()) attend_backward(std::move(heads));
  }
  const int64_t window;
};

const bool registered =
    register_kernel<AttentionGradient>({"DprunerAttentionGradient",
                                        {"window: int", "N: int"},
                                        {"places: int32", "q: N * float", "k: N * float", "v: N * float", "dy: N * float"},
                                        {"dq: N * float", "dk: N * float", "dv: N * float"}});

}  // namespace
}  // namespace dpruner
