// The softmax of a language model's head, some words at a time: the logits of all words never are in memory.
#include <algorithm>
#include <limits>
#include <vector>

#include "kernel.h"
#include "matrix-product.h"

namespace dpruner {
namespace {

// Logits that are there at a time (4 MiB, which stay in the processor's cache), and for how many tokens at most.
constexpr int64_t kLogitsRoom = 1 << 20, kMostTokens = 2048;

// In parts, since a vocabulary is long for sums in float32.
double exponentials_of_row(float* x, float largest, int64_t width) {
  constexpr int64_t kPart = 1024;
  double total = 0;
  for (int64_t begin = 0; begin < width; begin += kPart) total += exponentials_of(x + begin, largest, std::min(kPart, width - begin));
  return total;
}

// What is known of some tokens after some of the words: the largest logit, and sums over e^(logit - largest), alone (total) and
// times each word's row of the weight (weighed [tokens, width], null if it is not wanted).
struct Tokens {
  const float* x;
  int64_t count, width;
  float *largest, *weighed;
  std::vector<double> totals;
};

// Logits [tokens, words] become exponentials; what is known is put in terms of the largest logit so far.
void take_exponentials(Tokens& tokens, float* logits, int64_t words) {
  Workers::shared().run(tokens.count, 1, [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; t++) {
      float *row = logits + t * words, &largest = tokens.largest[t];
      const float most = largest_of(row, words);
      if (largest < most) {
        const float scale = exp_of(largest - most);
        largest = most;
        tokens.totals[t] *= scale;
        if (tokens.weighed) multiply_row(tokens.weighed + t * tokens.width, scale, tokens.width);
      }
      tokens.totals[t] += exponentials_of_row(row, largest, words);
    }
  });
}

void over_vocabulary(Tokens& tokens, const float* weight, int64_t vocabulary) {
  const int64_t width = tokens.width, tile = tile_kernels().columns;
  const int64_t most = std::min(vocabulary, parts_of(kLogitsRoom / tokens.count, tile) * tile);
  PackingRoom room;
  float* logits = room.take(tokens.count * most);
  if (tokens.weighed) std::fill_n(tokens.weighed, tokens.count * width, 0.0f);
  for (int64_t first = 0; first < vocabulary; first += most) {
    const int64_t words = std::min(most, vocabulary - first);
    const float* rows = weight + first * width;
    multiply({{tokens.x, width, 1}, {rows, width, 1}, tokens.count, words, logits}, width, Into::store);
    take_exponentials(tokens, logits, words);
    if (tokens.weighed) multiply({{logits, words, 1}, {rows, 1, width}, tokens.count, width, tokens.weighed}, words, Into::add);
  }
}

// x [N, D] and weight [V, D], with z = x weight^T: each row's largest z, the sum of e^(z - largest), [N, 1] each, and, if `gradient`,
// the same sum with each term times its row of the weight, [N, D]; else [0, D].
struct HeadGradient {
  explicit HeadGradient(TF_OpKernelConstruction* c) : gradient(int_attribute(c, "gradient")) {}
  void compute(TF_OpKernelContext* context) {
    Input x(context, 0), weight(context, 1);
    const int64_t count = x.dim(0), width = x.dim(1), vocabulary = weight.dim(0);
    if (!fits(context, weight.dim(1) == width && vocabulary > 0, "the head's weight has another width than its input, or no rows")) return;
    Output largest(context, 0, {count, 1}), total(context, 1, {count, 1}), weighed(context, 2, {gradient ? count : 0, width});
    if (!largest.data() || !total.data() || !weighed.data()) return;
    std::fill_n(largest.data(), count, -std::numeric_limits<float>::infinity());
    for (int64_t first = 0; first < count; first += kMostTokens) {
      const int64_t some = std::min(kMostTokens, count - first);
      Tokens tokens{x.data() + first * width, some, width, largest.data() + first, gradient ? weighed.data() + first * width : nullptr,
                    std::vector<double>(some)};
      over_vocabulary(tokens, weight.data(), vocabulary);
      for (int64_t t = 0; t < some; t++) total.data()[first + t] = static_cast<float>(tokens.totals[t]);
    }
  }
  const bool gradient;
};

const bool registered = register_kernel<HeadGradient>({"DprunerHeadGradient",
                                                       {"gradient: int"},
                                                       {"x: float", "weight: float"},
                                                       {"largest: float", "total: float", "weighed: float"}});

}  // namespace
}  // namespace dpruner
