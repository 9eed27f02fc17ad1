// Products of matrices, and the sums of products that importance is made of, each without what is in between.
#include "kernel.h"
#include "matrix-product.h"

namespace dpruner {
namespace {

// The lines that a product runs through: a matrix's rows, or its columns.
Lines lines_of(const float* x, int64_t width, bool columns) { return columns ? Lines{x, 1, width} : Lines{x, width, 1}; }

// a [M, K] and b [K, N], either of them transposed, to their product [M, N].
struct MatMul {
  explicit MatMul(TF_OpKernelConstruction* c)
      : transpose_a(int_attribute(c, "transpose_a")), transpose_b(int_attribute(c, "transpose_b")) {}
  void compute(TF_OpKernelContext* context) {
    Input a(context, 0), b(context, 1);
    const int64_t rows = a.dim(transpose_a ? 1 : 0), depth = a.dim(transpose_a ? 0 : 1), columns = b.dim(transpose_b ? 0 : 1);
    if (!fits(context, b.dim(transpose_b ? 1 : 0) == depth, "the matrices' inner sizes differ")) return;
    Output y(context, 0, {rows, columns});
    if (!y.data()) return;
    if (depth == 0) std::fill_n(y.data(), rows * columns, 0.0f);
    multiply({lines_of(a.data(), a.dim(1), transpose_a), lines_of(b.data(), b.dim(1), !transpose_b), rows, columns, y.data()}, depth,
             Into::store);
  }
  const bool transpose_a, transpose_b;
};

// Stacks a [S, M, K] and b [S, K, N], the matrices of either transposed, to the stack of their products [S, M, N].
struct StackMatMul {
  explicit StackMatMul(TF_OpKernelConstruction* c)
      : transpose_a(int_attribute(c, "transpose_a")), transpose_b(int_attribute(c, "transpose_b")) {}
  void compute(TF_OpKernelContext* context) {
    Input a(context, 0), b(context, 1);
    const int64_t count = a.dim(0), rows = a.dim(transpose_a ? 2 : 1), depth = a.dim(transpose_a ? 1 : 2);
    const int64_t columns = b.dim(transpose_b ? 1 : 2);
    if (!fits(context, b.dim(0) == count && b.dim(transpose_b ? 2 : 1) == depth, "the stacks or the matrices' inner sizes differ")) return;
    Output y(context, 0, {count, rows, columns});
    if (!y.data()) return;
    if (depth == 0) std::fill_n(y.data(), count * rows * columns, 0.0f);
    std::vector<Product> stack;
    for (int64_t i = 0; i < count; i++)
      stack.push_back({lines_of(a.data() + i * rows * depth, a.dim(2), transpose_a),
                       lines_of(b.data() + i * depth * columns, b.dim(2), !transpose_b), rows, columns, y.data() + i * rows * columns});
    if (!stack.empty()) multiply_stack(stack, depth);
  }
  const bool transpose_a, transpose_b;
};

// total [n, n] += x^T x of x [N, n], its lower triangle alone.
struct AddGram {
  explicit AddGram(TF_OpKernelConstruction*) {}
  void compute(TF_OpKernelContext* context) {
    Input total(context, 0), x(context, 1);
    const int64_t size = x.dim(1);
    if (!fits(context, total.size() == size * size, "the sum has another width than its term")) return;
    const Lines columns = lines_of(x.data(), size, true);
    multiply({columns, columns, size, size, total.data(), true}, x.dim(0), Into::add);
  }
};

// A square matrix's upper triangle becomes that of its lower one, in place; block by block, as one of the two lies across.
struct MirrorLower {
  explicit MirrorLower(TF_OpKernelConstruction*) {}
  void compute(TF_OpKernelContext* context) {
    Input matrix(context, 0);
    constexpr int64_t kBlock = 64;
    const int64_t size = matrix.dim(0);
    if (!fits(context, matrix.dim(1) == size, "the matrix is not square")) return;
    float* y = matrix.data();
    Workers::shared().run(parts_of(size, kBlock), 1, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin * kBlock; row < std::min(size, end * kBlock); row += kBlock)
        for (int64_t column = 0; column <= row; column += kBlock)
          for (int64_t i = row; i < std::min(size, row + kBlock); i++)
            for (int64_t k = column; k < std::min(i, column + kBlock); k++) y[k * size + i] = y[i * size + k];
    });
  }
};

// total [outputs, inputs] += (dy_j^T x_j)^2 of each segment j of dy [N, outputs] and x [N, inputs]; segments [S, 2] begin and end.
struct AddSquaredGradients {
  explicit AddSquaredGradients(TF_OpKernelConstruction*) {}
  void compute(TF_OpKernelContext* context) {
    Input total(context, 0), dy(context, 1), x(context, 2), segments(context, 3);
    const int64_t outputs = dy.dim(1), inputs = x.dim(1);
    if (!fits(context, total.size() == outputs * inputs && dy.dim(0) == x.dim(0) && segments.last() == 2,
              "the sum is not of the gradient's shape, or inputs and gradients are not of the same tokens")) return;
    std::vector<Range> samples;
    for (int64_t s = 0; s < segments.dim(0); s++) {
      const int32_t* segment = segments.data<int32_t>() + 2 * s;
      if (!fits(context, 0 <= segment[0] && segment[0] < segment[1] && segment[1] <= x.dim(0), "a segment lies outside of the tokens"))
        return;
      samples.push_back({segment[0], segment[1]});
    }
    add_squared_products({lines_of(dy.data(), outputs, true), lines_of(x.data(), inputs, true), outputs, inputs, total.data()}, samples);
  }
};

const bool registered =
    register_kernel<MatMul>({"DprunerMatMul", {"transpose_a: int", "transpose_b: int"}, {"a: float", "b: float"}, {"y: float"}}) &&
    register_kernel<StackMatMul>({"DprunerStackMatMul", {"transpose_a: int", "transpose_b: int"}, {"a: float", "b: float"}, {"y: float"}}) &&
    register_kernel<AddGram>({"DprunerAddGram", {}, {"total: float", "x: float"}, {}}) &&
    register_kernel<MirrorLower>({"DprunerMirrorLower", {}, {"matrix: float"}, {}}) &&
    register_kernel<AddSquaredGradients>(
        {"DprunerAddSquaredGradients", {}, {"total: float", "dy: float", "x: float", "segments: int32"}, {}});

}  // namespace
}  // namespace dpruner
