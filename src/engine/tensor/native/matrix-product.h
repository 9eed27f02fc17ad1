// Products of matrices in tiles, on all cores. Sums run in an order that depends on the shapes alone, not on the cores.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <vector>

#include "parallel.h"
#include "product-tile.h"

namespace dpruner {

// Memory for packed operands, kept from one product to the next.
class PackingRoom {
 public:
  ~PackingRoom() { std::free(data_); }
  float* take(int64_t floats) {
    if (floats > size_) {
      std::free(data_);
      data_ = static_cast<float*>(std::aligned_alloc(64, (floats * sizeof(float) + 63) / 64 * 64));
      size_ = floats;
    }
    return data_;
  }

 private:
  float* data_ = nullptr;
  int64_t size_ = 0;
};

// So many terms of a sum at a time, and so many numbers of packed rows (1 MiB), stay in a core's own cache.
constexpr int64_t kDepth = 768, kRowsRoom = 1 << 18, kMostRowTiles = 32, kFewRowTiles = 8;
// Packed columns are shared by the cores; 16 MiB of them at a time.
constexpr int64_t kColumnsRoom = 1 << 22;

constexpr int64_t parts_of(int64_t size, int64_t part) { return (size + part - 1) / part; }

struct Range {
  int64_t begin, end;
  int64_t size() const { return end - begin; }
};

// y [rows, columns] of a [rows, depth] and b [columns, depth]. With `lower`, only what is needed of its lower triangle.
struct Product {
  Lines a, b;
  int64_t rows, columns;
  float* y;
  bool lower = false;
};

// Packed columns, panel after panel, each [depth, columns of a tile].
struct Panels {
  const float* data;
  int64_t depth;
};

// Rows of a part of the product, whose columns are packed already, on one core.
static void multiply_rows(const Product& p, Range rows, Range columns, Range depth, Into into, const Panels& panels) {
  const TileKernels& kernels = tile_kernels();
  static thread_local PackingRoom room;
  float* packed_rows = room.take(parts_of(rows.size(), kernels.rows) * kernels.rows * depth.size());
  for (int64_t r = rows.begin; r < rows.end; r += kernels.rows)
    kernels.pack_rows(p.a.from(r, depth.begin), std::min<int64_t>(kernels.rows, rows.end - r), depth.size(),
                      packed_rows + (r - rows.begin) * depth.size());
  for (int64_t c = columns.begin; c < columns.end; c += kernels.columns)
    for (int64_t r = rows.begin; r < rows.end; r += kernels.rows) {
      if (p.lower && c > r + kernels.rows - 1) continue;
      kernels.tile(packed_rows + (r - rows.begin) * depth.size(), panels.data + (c - columns.begin) * panels.depth, depth.size(),
                   into, p.y + r * p.columns + c, p.columns, std::min<int64_t>(kernels.rows, rows.end - r),
                   std::min<int64_t>(kernels.columns, columns.end - c));
    }
}

// Panel `i` of the columns, to its place among the packed ones.
static void pack_panel(Lines b, Range columns, Range depth, int64_t i, float* packed) {
  const int64_t width = tile_kernels().columns, begin = columns.begin + i * width;
  tile_kernels().pack_columns(b.from(begin, depth.begin), std::min(width, columns.end - begin), depth.size(),
                              packed + i * width * depth.size());
}

// All panels of the columns, on one core.
static Panels pack_panels(Lines b, Range columns, Range depth, PackingRoom& room) {
  const int64_t width = tile_kernels().columns, panels = parts_of(columns.size(), width);
  float* packed = room.take(panels * width * depth.size());
  for (int64_t i = 0; i < panels; i++) pack_panel(b, columns, depth, i, packed);
  return {packed, depth.size()};
}

// How many columns find room beside each other.
static int64_t columns_at_a_time(const Product& p, int64_t depth) {
  const int64_t tile = tile_kernels().columns;
  return std::max<int64_t>(1, std::min(parts_of(p.columns, tile), kColumnsRoom / depth / tile)) * tile;
}

// Tiles that a core takes at a time, in `parts` turns or up to half as many again: as many as let all cores end together.
static int64_t even_tiles(int64_t tiles, int64_t threads, int64_t parts) {
  int64_t best = tiles, least = tiles;
  for (int64_t turns = parts; turns <= parts + parts / 2; turns++) {
    const int64_t step = parts_of(tiles, turns * threads), longest = parts_of(parts_of(tiles, step), threads) * step;
    if (longest >= least) continue;
    best = step;
    least = longest;
  }
  return best;
}

// Rows that a core takes at a time: few enough for its cache, and as many parts for each core; more parts where they differ in work.
static int64_t rows_at_a_time(const Product& p, int64_t depth) {
  const int64_t tile = tile_kernels().rows, threads = Workers::shared().threads();
  const int64_t most = std::max(tile, std::min(kMostRowTiles * tile, kRowsRoom / depth));
  // Each part reads all of the packed columns: few rows would be done sooner than these are there.
  const int64_t each = p.rows < kFewRowTiles * tile * threads * Workers::kMostParts ? Workers::kMostParts / 2 : Workers::kMostParts;
  const int64_t parts = parts_of(parts_of(p.rows, most), threads * each) * each;
  return even_tiles(parts_of(p.rows, tile), threads, parts) * tile;
}

// The packed columns of the product at work; one at a time.
struct SharedRoom {
  std::mutex one_caller;
  PackingRoom columns;
  static SharedRoom& get() {
    static SharedRoom* room = new SharedRoom;
    return *room;  // never destroyed: a thread may still be at work when the process ends
  }
};

// Some columns of the product, for one or several sums by themselves.
static void multiply_columns(const Product& p, Range columns, const std::vector<Range>& sums, Into into, PackingRoom& room) {
  const int64_t width = tile_kernels().columns, panels = parts_of(columns.size(), width);
  std::vector<int64_t> offsets;
  int64_t floats = 0, longest = 1;
  for (const Range& sum : sums) {
    offsets.push_back(floats);
    floats += panels * width * sum.size();
    longest = std::max(longest, sum.size());
  }
  float* packed = room.take(floats);
  Workers::shared().run(panels * sums.size(), 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) pack_panel(p.b, columns, sums[i / panels], i % panels, packed + offsets[i / panels]);
  });
  const int64_t step = rows_at_a_time(p, longest);
  Workers::shared().run(parts_of(p.rows, step), 1, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin * step; r < std::min(p.rows, end * step); r += step)
      for (size_t s = 0; s < sums.size(); s++)
        multiply_rows(p, {r, std::min(p.rows, r + step)}, columns, sums[s], into, {packed + offsets[s], sums[s].size()});
  });
}

// y = ab, or y += ab.
static void multiply(const Product& p, int64_t depth, Into into) {
  SharedRoom& shared = SharedRoom::get();
  const std::lock_guard<std::mutex> lock(shared.one_caller);
  const int64_t deep = parts_of(depth, parts_of(depth, kDepth)), wide = columns_at_a_time(p, deep);
  for (int64_t c = 0; c < p.columns; c += wide)
    for (int64_t k = 0; k < depth; k += deep)
      multiply_columns(p, {c, std::min(p.columns, c + wide)}, {{k, std::min(depth, k + deep)}}, k == 0 ? into : Into::add,
                       shared.columns);
}

static void multiply_alone(const Product& p, Range rows, int64_t depth) {
  static thread_local PackingRoom room;
  const int64_t deep = parts_of(depth, parts_of(depth, kDepth)), wide = columns_at_a_time(p, deep);
  for (int64_t c = 0; c < p.columns; c += wide)
    for (int64_t k = 0; k < depth; k += deep) {
      const Range columns{c, std::min(p.columns, c + wide)}, sum{k, std::min(depth, k + deep)};
      multiply_rows(p, rows, columns, sum, k == 0 ? Into::store : Into::add, pack_panels(p.b, columns, sum, room));
    }
}

// y = ab of each of a stack of small products, parts of their rows on one core each.
static void multiply_stack(const std::vector<Product>& stack, int64_t depth) {
  const int64_t rows = stack[0].rows, wanted = parts_of(4 * Workers::shared().threads(), stack.size());
  const int64_t step = std::max<int64_t>(4 * tile_kernels().rows, parts_of(rows, wanted)), parts = parts_of(rows, step);
  Workers::shared().run(stack.size() * parts, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++)
      multiply_alone(stack[i / parts], {i % parts * step, std::min(rows, (i % parts + 1) * step)}, depth);
  });
}

// y += (ab)^2 for each of the given parts of the sum by itself: as many of them at a time as find room.
static void add_squared_products(const Product& p, const std::vector<Range>& sums) {
  SharedRoom& shared = SharedRoom::get();
  const std::lock_guard<std::mutex> lock(shared.one_caller);
  for (size_t begin = 0, end; begin < sums.size(); begin = end) {
    int64_t depth = sums[begin].size();
    for (end = begin + 1; end < sums.size() && (depth + sums[end].size()) * p.columns <= kColumnsRoom; end++) depth += sums[end].size();
    const int64_t wide = columns_at_a_time(p, depth);
    for (int64_t c = 0; c < p.columns; c += wide)
      multiply_columns(p, {c, std::min(p.columns, c + wide)}, {sums.begin() + begin, sums.begin() + end}, Into::add_squares,
                       shared.columns);
  }
}

}  // namespace dpruner
