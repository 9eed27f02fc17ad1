// Logarithms of importances become 16-bit codes: what the scale needs to know of them, and the codes.
#include <algorithm>
#include <cmath>

#include "kernel.h"
#include "parallel.h"
#include "rows.h"

namespace dpruner {
namespace {

constexpr int64_t kValuesAtATime = 1 << 14;
constexpr float kDead = -INFINITY;

// Of logarithms; those that are -infinity (of dead weights) count in none of it.
struct Statistics {
  float least = INFINITY, most = kDead;
  double total = 0, exponentials = 0;  // the sum of e^(x - most)
  int64_t alive = 0;
};

DPRUNER_VECTORS
void find_ends(const float* x, int64_t count, Statistics& found) {
  float least[kLanes], most[kLanes];
  for (int l = 0; l < kLanes; l++) least[l] = INFINITY, most[l] = kDead;
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    for (int l = 0; l < kLanes; l++) {
      const float value = x[i + l], alive = value == kDead ? INFINITY : value;
      least[l] = alive < least[l] ? alive : least[l];
      most[l] = most[l] < value ? value : most[l];
    }
  for (int l = 0; l < kLanes; l++) found.least = std::min(found.least, least[l]), found.most = std::max(found.most, most[l]);
  for (; i < count; i++) {
    if (x[i] != kDead) found.least = std::min(found.least, x[i]);
    found.most = std::max(found.most, x[i]);
  }
}

DPRUNER_VECTORS
void add_up(const float* x, int64_t count, Statistics& found) {
  double total[kLanes] = {}, exponentials[kLanes] = {};
  int32_t alive[kLanes] = {};
  int64_t i = 0;
  const float most = found.most;
  for (; i + kLanes <= count; i += kLanes)
    for (int l = 0; l < kLanes; l++) {
      const float value = x[i + l], e = exp_of(value - most);
      const bool dead = value == kDead;
      total[l] += dead ? 0.0f : value;
      exponentials[l] += dead ? 0.0f : e;
      alive[l] += !dead;
    }
  for (int l = 0; l < kLanes; l++) found.total += total[l], found.exponentials += exponentials[l], found.alive += alive[l];
  for (; i < count; i++) {
    if (x[i] == kDead) continue;
    found.total += x[i], found.exponentials += exp_of(x[i] - most), found.alive++;
  }
}

Statistics statistics_of(const float* x, int64_t count) {
  Statistics found;
  find_ends(x, count, found);
  if (found.most != kDead) add_up(x, count, found);
  return found;
}

// So many numbers describe each part of kValuesAtATime logarithms. Float64 ones are the sums of two float32.
constexpr int kNumbers = 7;

void put_double(float* y, double value) {
  y[0] = static_cast<float>(value);
  y[1] = static_cast<float>(value - y[0]);
}

// logs [N] to one row for each part of them: least, most, how many are alive, their sum (two numbers), and that of e^(x - most).
struct LogStatistics {
  explicit LogStatistics(TF_OpKernelConstruction*) {}
  void compute(TF_OpKernelContext* context) {
    Input logs(context, 0);
    const int64_t count = logs.size(), parts = (count + kValuesAtATime - 1) / kValuesAtATime;
    Output rows(context, 0, {parts, kNumbers});
    if (!rows.data()) return;
    Workers::shared().run(parts, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const int64_t first = i * kValuesAtATime;
        const Statistics found = statistics_of(logs.data() + first, std::min(kValuesAtATime, count - first));
        float* row = rows.data() + i * kNumbers;
        row[0] = found.least;
        row[1] = found.most;
        row[2] = static_cast<float>(found.alive);
        put_double(row + 3, found.total);
        put_double(row + 5, found.exponentials);
      }
    });
  }
};

DPRUNER_VECTORS
void encode(const float* x, int64_t count, double low, double step, uint16_t* codes) {
  for (int64_t i = 0; i < count; i++) {
    const double above = static_cast<double>(x[i]) - low;
    const int32_t code = static_cast<int32_t>(above > 0 ? 1.5 + above / step : 1.0);
    codes[i] = static_cast<uint16_t>(x[i] == kDead ? 0 : code);
  }
}

// logs [N] and scale [4], low and step as two numbers each, to their codes, two in each int32 [(N + 1) / 2].
struct LogCodes {
  explicit LogCodes(TF_OpKernelConstruction*) {}
  void compute(TF_OpKernelContext* context) {
    Input logs(context, 0), scale(context, 1);
    if (!fits(context, scale.size() == 4, "the scale must be low and step, in two numbers each")) return;
    const int64_t count = logs.size();
    Output codes(context, 0, {(count + 1) / 2}, TF_INT32);
    if (!codes.data<uint16_t>()) return;
    const float* s = scale.data();
    const double low = static_cast<double>(s[0]) + s[1], step = static_cast<double>(s[2]) + s[3];
    uint16_t* y = codes.data<uint16_t>();
    if (count % 2 == 1) y[count] = 0;
    Workers::shared().run(count, kValuesAtATime,
                          [&](int64_t begin, int64_t end) { encode(logs.data() + begin, end - begin, low, step, y + begin); });
  }
};

const bool registered =
    register_kernel<LogStatistics>({"DprunerLogStatistics", {}, {"logs: float"}, {"rows: float"}}) &&
    register_kernel<LogCodes>({"DprunerLogCodes", {}, {"logs: float", "scale: float"}, {"codes: int32"}});

}  // namespace
}  // namespace dpruner
