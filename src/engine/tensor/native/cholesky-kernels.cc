// The inverse of a symmetric positive definite matrix by its Cholesky factor, in float64 and by square tiles: every product
// runs on tiles that fit the nearest cache, and the tiles of a column or row are shared out over the cores.
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <vector>

#include "kernel.h"
#include "lanes.h"
#include "parallel.h"

namespace dpruner {
namespace {

constexpr int kTile = 64;
constexpr int64_t kTileSize = kTile * kTile;

struct Free {
  void operator()(double* memory) const { std::free(memory); }
};
using Tiles = std::unique_ptr<double[], Free>;

// Memory for `count` tiles, aligned for Lanes; null if it cannot be had.
Tiles make_tiles(int64_t count) {
  return Tiles(static_cast<double*>(std::aligned_alloc(64, count * kTileSize * sizeof(double))));
}

// Doubles as many as the processor has registers for.
template <int W>
using Doubles __attribute__((vector_size(8 * W), may_alias)) = double;

// sign a b, added to c or in its place: four rows of two vectors at a time.
template <int W>
DPRUNER_INLINE void multiply_by(const double* a, const double* b, double* c, bool adds, double sign) {
  constexpr int kRows = 4;
  for (int i = 0; i < kTile; i += kRows) {
    for (int j = 0; j < kTile; j += 2 * W) {
      Doubles<W> left[kRows] = {}, right[kRows] = {};
      for (int k = 0; k < kTile; k++) {
        const Doubles<W> b_left = *reinterpret_cast<const Doubles<W>*>(b + k * kTile + j);
        const Doubles<W> b_right = *reinterpret_cast<const Doubles<W>*>(b + k * kTile + j + W);
        for (int r = 0; r < kRows; r++) {
          const double factor = a[(i + r) * kTile + k];
          left[r] += factor * b_left;
          right[r] += factor * b_right;
        }
      }
      for (int r = 0; r < kRows; r++) {
        Doubles<W>* place = reinterpret_cast<Doubles<W>*>(c + (i + r) * kTile + j);
        place[0] = adds ? place[0] + sign * left[r] : sign * left[r];
        place[1] = adds ? place[1] + sign * right[r] : sign * right[r];
      }
    }
  }
}

#ifdef DPRUNER_HAS_WIDE
DPRUNER_WIDE void multiply_wide(const double* a, const double* b, double* c, bool adds, double sign) {
  multiply_by<8>(a, b, c, adds, sign);
}
#endif

DPRUNER_VECTORS
void multiply_narrow(const double* a, const double* b, double* c, bool adds, double sign) {
  multiply_by<kNarrow / 2>(a, b, c, adds, sign);
}

void multiply(const double* a, const double* b, double* c, bool adds, double sign) {
#ifdef DPRUNER_HAS_WIDE
  if (has_wide()) return multiply_wide(a, b, c, adds, sign);
#endif
  multiply_narrow(a, b, c, adds, sign);
}

void transpose(const double* from, double* to) {
  for (int i = 0; i < kTile; i++)
    for (int j = 0; j < kTile; j++) to[j * kTile + i] = from[i * kTile + j];
}

// Lower L with L L' = a, in place of a; false if a pivot is not positive.
bool factor_tile(double* a) {
  for (int i = 0; i < kTile; i++) {
    double* row = a + i * kTile;
    for (int j = 0; j <= i; j++) {
      const double* other = a + j * kTile;
      double rest = row[j];
      for (int k = 0; k < j; k++) rest -= row[k] * other[k];
      if (i == j && !(rest > 0)) return false;
      row[j] = i == j ? std::sqrt(rest) : rest / other[j];
    }
    std::fill(row + i + 1, row + kTile, 0.0);
  }
  return true;
}

// The inverse of a lower triangular tile: row i of it is (e_i - sum over k < i of l_ik row k) / l_ii.
void invert_tile(const double* l, double* inverse) {
  std::fill(inverse, inverse + kTileSize, 0.0);
  for (int i = 0; i < kTile; i++) {
    double* row = inverse + i * kTile;
    row[i] = 1;
    for (int k = 0; k < i; k++)
      for (int j = 0; j <= k; j++) row[j] -= l[i * kTile + k] * inverse[k * kTile + j];
    for (int j = 0; j <= i; j++) row[j] /= l[i * kTile + i];
  }
}

// The lower triangle of a symmetric or triangular matrix in tiles, padded with the identity.
class Lower {
 public:
  explicit Lower(int64_t n)
      : size(n), tiles((n + kTile - 1) / kTile), values_(make_tiles(tiles * (tiles + 1) / 2)), row_(make_tiles(tiles)) {}

  bool allocated() const { return values_ && row_; }
  double* tile(int64_t i, int64_t j) { return values_.get() + (i * (i + 1) / 2 + j) * kTileSize; }

  // Takes over value(i, j) for j <= i.
  template <typename Value>
  void fill(const Value& value) {
    Workers::shared().run(tiles, 1, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin * kTile; row < end * kTile; row++) {
        for (int64_t column = 0; column < (row / kTile + 1) * kTile; column++) {
          double& place = tile(row / kTile, column / kTile)[row % kTile * kTile + column % kTile];
          place = row >= size || column > row ? (row == column ? 1 : 0) : value(row, column);
        }
      }
    });
  }

  // L with L L' = this, in place, column of tiles after column; false if a pivot is not positive.
  bool factor() {
    Tiles diagonal = make_tiles(2);
    if (!diagonal) return false;
    double* inverse = diagonal.get();
    double* inverse_transposed = inverse + kTileSize;
    for (int64_t k = 0; k < tiles; k++) {
      for (int64_t j = 0; j < k; j++) transpose(tile(k, j), row_.get() + j * kTileSize);
      Workers::shared().run(tiles - k, 1, [&](int64_t begin, int64_t end) {
        for (int64_t i = k + begin; i < k + end; i++)
          for (int64_t j = 0; j < k; j++) multiply(tile(i, j), row_.get() + j * kTileSize, tile(i, k), true, -1);
      });
      if (!factor_tile(tile(k, k))) return false;
      invert_tile(tile(k, k), inverse);
      transpose(inverse, inverse_transposed);
      Workers::shared().run(tiles - k - 1, 1, [&](int64_t begin, int64_t end) {
        alignas(64) double copy[kTileSize];
        for (int64_t i = k + 1 + begin; i < k + 1 + end; i++) {
          std::memcpy(copy, tile(i, k), sizeof copy);
          multiply(copy, inverse_transposed, tile(i, k), false, 1);
        }
      });
    }
    return true;
  }

  // X = L^-1 in place of L, row of tiles after row: X_ij = -X_ii (sum over k from j to i - 1 of L_ik X_kj).
  void invert() {
    alignas(64) double inverse[kTileSize];
    for (int64_t i = 0; i < tiles; i++) {
      std::memcpy(row_.get(), tile(i, 0), i * kTileSize * sizeof(double));
      invert_tile(tile(i, i), inverse);
      std::memcpy(tile(i, i), inverse, sizeof inverse);
      Workers::shared().run(i, 1, [&](int64_t begin, int64_t end) {
        alignas(64) double sum[kTileSize];
        for (int64_t j = begin; j < end; j++) {
          for (int64_t k = j; k < i; k++) multiply(row_.get() + k * kTileSize, tile(k, j), sum, k > j, 1);
          multiply(inverse, sum, tile(i, j), false, -1);
        }
      });
    }
  }

  const int64_t size;
  const int64_t tiles;

 private:
  Tiles values_;
  Tiles row_;
};

// base + u v' + v u' + added I of the inputs base [n, n], vectors [4, n] and added [2]: float64 numbers come as the sum of
// two float32, the rows of `vectors` are the parts of u and of v.
struct Symmetric {
  const float* base;
  int64_t n;
  std::vector<double> u, v;
  double added;

  Symmetric(const Input& matrix, const Input& vectors, const Input& diagonal)
      : base(matrix.data()), n(matrix.last()), u(n), v(n) {
    const float* parts = vectors.data();
    for (int64_t i = 0; i < n; i++) {
      u[i] = static_cast<double>(parts[i]) + parts[n + i];
      v[i] = static_cast<double>(parts[2 * n + i]) + parts[3 * n + i];
    }
    added = static_cast<double>(diagonal.data()[0]) + diagonal.data()[1];
  }
  double operator()(int64_t i, int64_t j) const {
    return base[i * n + j] + u[i] * v[j] + v[i] * u[j] + (i == j ? added : 0);
  }
};

bool fit_together(TF_OpKernelContext* context, const Input& base, const Input& vectors, const Input& added) {
  const int64_t n = base.last();
  return fits(context, base.size() == n * n && vectors.size() == 4 * n && added.size() == 2,
              "a square matrix, four vectors of its size and two numbers are needed");
}

bool fit_memory(TF_OpKernelContext* context, const Lower& lower) {
  return fits(context, lower.allocated(), "there is not enough memory for the matrix in float64");
}

// diag of the inverse: the squared norm of each column of L^-1, as the sum of two rows [2, n]; NaN if L does not exist.
struct InverseDiagonal {
  explicit InverseDiagonal(TF_OpKernelConstruction*) {}
  void compute(TF_OpKernelContext* context) {
    Input base(context, 0), vectors(context, 1), added(context, 2);
    if (!fit_together(context, base, vectors, added)) return;
    const int64_t n = base.last();
    Output diagonal(context, 0, {2, n});
    Lower lower(n);
    if (!diagonal.data() || !fit_memory(context, lower)) return;
    lower.fill(Symmetric(base, vectors, added));
    const bool factored = lower.factor();
    if (factored) lower.invert();
    for (int64_t column = 0; column < n; column++) {
      double norm = factored ? 0 : std::numeric_limits<double>::quiet_NaN();
      for (int64_t row = column / kTile * kTile; factored && row < n; row++) {
        const double value = lower.tile(row / kTile, column / kTile)[row % kTile * kTile + column % kTile];
        norm += value * value;
      }
      diagonal.data()[column] = static_cast<float>(norm);
      diagonal.data()[n + column] = static_cast<float>(norm - diagonal.data()[column]);
    }
  }
};

// The upper U with U' U = the inverse, [n, n]: with rows and columns reversed it is L^-1 of the reversed matrix. NaN if L does
// not exist.
struct InverseFactor {
  explicit InverseFactor(TF_OpKernelConstruction*) {}
  void compute(TF_OpKernelContext* context) {
    Input base(context, 0), vectors(context, 1), added(context, 2);
    if (!fit_together(context, base, vectors, added)) return;
    const int64_t n = base.last(), last = n - 1;
    Output factor(context, 0, {n, n});
    Lower lower(n);
    if (!factor.data() || !fit_memory(context, lower)) return;
    const Symmetric matrix(base, vectors, added);
    lower.fill([&](int64_t i, int64_t j) { return matrix(last - i, last - j); });
    if (!lower.factor()) {
      std::fill(factor.data(), factor.data() + n * n, std::numeric_limits<float>::quiet_NaN());
      return;
    }
    lower.invert();
    Workers::shared().run(n, kTile, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        float* row = factor.data() + (last - i) * n;
        for (int64_t j = 0; j < n; j++)
          row[last - j] = j > i ? 0.0f : static_cast<float>(lower.tile(i / kTile, j / kTile)[i % kTile * kTile + j % kTile]);
      }
    });
  }
};

const bool registered =
    register_kernel<InverseDiagonal>({"DprunerInverseDiagonal",
                                      {},
                                      {"base: float", "vectors: float", "added: float"},
                                      {"diagonal: float"}}) &&
    register_kernel<InverseFactor>(
        {"DprunerInverseFactor", {}, {"base: float", "vectors: float", "added: float"}, {"factor: float"}});

}  // namespace
}  // namespace dpruner
