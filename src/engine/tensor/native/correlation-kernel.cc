// How the inputs of a linear layer go together, as 16-bit numbers, from the sums of their products.
#include <vector>

#include "kernel.h"
#include "parallel.h"
#include "rows.h"

namespace dpruner {
namespace {

// Row i of a matrix base + u v^T + v u^T up to its diagonal, times `scale` and each column's scale: -1 … 1 to 0 … 65534.
DPRUNER_VECTORS
void encode_row(const float* base, const double* u, const double* v, const double* scales, int64_t i, uint16_t* codes) {
  for (int64_t k = 0; k <= i; k++) {
    const double whole = static_cast<double>(base[k]) + (u[i] * v[k] + v[i] * u[k]);
    const double wanted = whole * scales[i] * scales[k], above = wanted > -1.0 ? wanted : -1.0;
    codes[k] = static_cast<uint16_t>(static_cast<int32_t>(((above < 1.0 ? above : 1.0) + 1.0) * 32767.0 + 0.5));
  }
}

// base [n, n], its lower triangle, and u, v and each column's scale as two float32 numbers each, [6, n], to the lower triangle of
// the scaled matrix, row by row, two codes in each int32 [(n (n + 1) / 2 + 1) / 2].
struct Correlations {
  explicit Correlations(TF_OpKernelConstruction*) {}
  void compute(TF_OpKernelContext* context) {
    Input base(context, 0), vectors(context, 1);
    const int64_t n = base.dim(0), count = n * (n + 1) / 2;
    if (!fits(context, base.size() == n * n && vectors.size() == 6 * n, "the matrix is not square, or its vectors have another length"))
      return;
    Output codes(context, 0, {(count + 1) / 2}, TF_INT32);
    if (!codes.data<uint16_t>()) return;
    std::vector<double> whole(3 * n);
    for (int64_t i = 0; i < 3 * n; i++) {
      const float* parts = vectors.data() + i / n * 2 * n + i % n;
      whole[i] = static_cast<double>(parts[0]) + parts[n];
    }
    uint16_t* y = codes.data<uint16_t>();
    if (count % 2 == 1) y[count] = 0;
    // The longest rows first, so that the cores end together.
    Workers::shared().run(n, 1, [&](int64_t begin, int64_t end) {
      for (int64_t row = n - 1 - begin; row > n - 1 - end; row--)
        encode_row(base.data() + row * n, whole.data(), whole.data() + n, whole.data() + 2 * n, row, y + row * (row + 1) / 2);
    });
  }
};

const bool registered =
    register_kernel<Correlations>({"DprunerCorrelations", {}, {"base: float", "vectors: float"}, {"codes: int32"}});

}  // namespace
}  // namespace dpruner
