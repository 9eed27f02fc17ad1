// Attention of some rows of queries, in tiles: products and exponentials that leave out what no row of a tile sees.
#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include "causal-softmax.h"
#include "matrix-product.h"

namespace dpruner {

// Consecutive rows of queries, and the panels of keys that each tile of them sees. Scores lie panel by panel, each [height, panel]:
// one tile writes them there, and further products read them as columns that are laid out already.
class QueryTiles {
 public:
  QueryTiles(const CausalWindow& causal, Range rows, int64_t keys)
      : rows(rows), keys(keys), tiles(parts_of(rows.size(), tall())), causal_(causal) {
    for (int64_t t = 0; t < tiles; t++) {
      Range seen{keys, 0};
      for (int64_t r = first_row(t); r < first_row(t) + rows_of(t); r++) {
        seen.begin = std::min(seen.begin, begin(r));
        seen.end = std::max(seen.end, end(r));
      }
      seen_.push_back(seen);
      all_.begin = std::min(all_.begin, panels_of(t).begin);
      all_.end = std::max(all_.end, panels_of(t).end);
    }
  }

  static int64_t tall() { return tile_kernels().rows; }
  static int64_t wide() { return tile_kernels().columns; }
  int64_t first_row(int64_t tile) const { return tile * tall(); }
  int64_t rows_of(int64_t tile) const { return std::min(tall(), rows.size() - first_row(tile)); }
  // The keys that row `row` of these sees, and those that any row of a tile sees.
  int64_t begin(int64_t row) const { return causal_.begin(rows.begin + row, keys); }
  int64_t end(int64_t row) const { return causal_.end(rows.begin + row, keys); }
  Range seen_by(int64_t tile) const { return seen_[tile]; }
  // The panels that a tile sees, and those that any of the tiles sees.
  Range panels_of(int64_t tile) const { return {seen_[tile].begin / wide(), parts_of(seen_[tile].end, wide())}; }
  Range panels() const { return all_; }
  // The key after the last one that any row sees.
  int64_t end() const { return std::min(keys, all_.end * wide()); }
  bool sees(int64_t tile, int64_t panel) const {
    return seen_[tile].begin < (panel + 1) * wide() && panel * wide() < seen_[tile].end;
  }

  int64_t height() const { return tiles * tall(); }
  int64_t panel_stride() const { return height() * wide(); }
  int64_t numbers() const { return all_.size() * panel_stride(); }
  float* at(float* scores, int64_t panel, int64_t row) const { return scores + (panel - all_.begin) * panel_stride() + row * wide(); }

  const Range rows;
  const int64_t keys, tiles;

 private:
  const CausalWindow causal_;
  std::vector<Range> seen_;
  Range all_{INT64_MAX, 0};
};

// One row's numbers in the panels of its tile: the first panel, how far the next one is, and which of the numbers the row sees.
struct PanelRow {
  float* data;
  int64_t panels, stride;
  int32_t begin, end;
};

static PanelRow row_of(const QueryTiles& t, int64_t tile, int64_t row, float* scores) {
  const Range panels = t.panels_of(tile);
  const int64_t first = panels.begin * t.wide();
  return {t.at(scores, panels.begin, row), panels.size(), t.panel_stride(), static_cast<int32_t>(t.begin(row) - first),
          static_cast<int32_t>(t.end(row) - first)};
}

// `value` in place of what the row does not see.
template <int P>
DPRUNER_INLINE void hide_unseen(const PanelRow& row, float value) {
  for (int32_t p = 0; p < row.panels; p++) {
    const int32_t begin = row.begin - p * P, end = row.end - p * P;
    if (begin <= 0 && P <= end) continue;
    float* x = row.data + p * row.stride;
    for (int32_t l = 0; l < P; l++) x[l] = begin <= l && l < end ? x[l] : value;
  }
}

// What stands for a score that is not seen.
constexpr float kUnseen = -std::numeric_limits<float>::infinity();

template <int P>
DPRUNER_INLINE float largest_in(const PanelRow& row) {
  float most[P];
  for (int l = 0; l < P; l++) most[l] = row.data[l];
  for (int64_t p = 1; p < row.panels; p++) {
    const float* x = row.data + p * row.stride;
    for (int l = 0; l < P; l++) most[l] = most[l] < x[l] ? x[l] : most[l];
  }
  for (int step = P / 2; step > 0; step /= 2)
    for (int l = 0; l < step; l++) most[l] = most[l] < most[l + step] ? most[l + step] : most[l];
  return most[0];
}

// Lanes, added two by two.
template <int P>
DPRUNER_INLINE float total_of(float (&lanes)[P]) {
  for (int step = P / 2; step > 0; step /= 2)
    for (int l = 0; l < step; l++) lanes[l] += lanes[l + step];
  return lanes[0];
}

// The rows x [rows, width] tile by tile, as the left operand of a product.
static const float* pack_tiles(const QueryTiles& t, const float* x, int64_t width, PackingRoom& room) {
  float* packed = room.take(t.height() * width);
  for (int64_t i = 0; i < t.tiles; i++)
    tile_kernels().pack_rows({x + t.first_row(i) * width, width, 1}, t.rows_of(i), width, packed + t.first_row(i) * width);
  return packed;
}

// scores = x keys^T of what the tiles see, x [rows, width] in tiles and the keys in panels.
static void multiply_keys(const QueryTiles& t, const float* x, const Panels& keys, float* scores) {
  for (int64_t p = t.panels().begin; p < t.panels().end; p++)
    for (int64_t i = 0; i < t.tiles; i++)
      if (t.sees(i, p))
        tile_kernels().tile(x + t.first_row(i) * keys.depth, keys.data + p * t.wide() * keys.depth, keys.depth, Into::store,
                            t.at(scores, p, t.first_row(i)), t.wide(), t.tall(), t.wide());
}

// y [rows, width] = weights values, the weights in panels as scores are, and the values' columns laid out in panels.
static void multiply_values(const QueryTiles& t, float* weights, const Panels& values, int64_t width, float* y) {
  static thread_local PackingRoom room;
  const TileKernels& kernels = tile_kernels();
  for (int64_t i = 0; i < t.tiles; i++) {
    const Range panels = t.panels_of(i);
    float* packed = room.take(panels.size() * t.wide() * t.tall());
    for (int64_t p = panels.begin; p < panels.end; p++)
      kernels.pack_rows({t.at(weights, p, t.first_row(i)), t.wide(), 1}, t.tall(), t.wide(),
                        packed + (p - panels.begin) * t.wide() * t.tall());
    const int64_t first = panels.begin * t.wide(), depth = t.seen_by(i).end - first;
    for (int64_t c = 0; c < width; c += t.wide())
      kernels.tile(packed, values.data + c * values.depth + first * t.wide(), depth, Into::store, y + t.first_row(i) * width + c, width,
                   t.rows_of(i), std::min(t.wide(), width - c));
  }
}

}  // namespace dpruner
