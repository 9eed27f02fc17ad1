// What the kernels do to one row of values. Plain loops that the compiler turns into vector instructions, in one copy for
// each generation of x86 processors.
#pragma once

#include <cstdint>
#include <cstring>

// Chosen by what the processor can do. The name of a processor would not do: "arch=haswell" is taken on a Haswell alone.
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && __GNUC__ >= 12
#define DPRUNER_VECTORS __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#elif defined(__x86_64__) && defined(__linux__)
#define DPRUNER_VECTORS __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define DPRUNER_VECTORS
#endif

namespace dpruner {

// Sums run in this many lanes, so that they need not be reassociated to be vectorised.
constexpr int kLanes = 32;

static inline float sum_of(const float* lanes) {
  float total = 0;
  for (int l = 0; l < kLanes; l++) total += lanes[l];
  return total;
}

// e^x to 2e-7 relative, after Cephes: x = n ln 2 + r, a polynomial in r, times 2^n. Smaller than -87 counts as -87; NaN stays.
static inline float exp_of(float x) {
  x = x < -87.0f ? -87.0f : x;
  x = x > 88.0f ? 88.0f : x;
  const float round_to_integer = 12582912.0f;  // 1.5 * 2^23
  const float shifted = x * 1.44269504f + round_to_integer;
  const float n = shifted - round_to_integer;
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  int32_t bits;
  std::memcpy(&bits, &shifted, sizeof bits);
  bits = static_cast<int32_t>(static_cast<uint32_t>(bits + 127) << 23);
  float power;
  std::memcpy(&power, &bits, sizeof power);
  return p * power;
}

// Of x [width], width at least 1.
DPRUNER_VECTORS
static float largest_of(const float* x, int64_t width) {
  float lanes[kLanes];
  for (int l = 0; l < kLanes; l++) lanes[l] = x[0];
  int64_t i = 0;
  for (; i + kLanes <= width; i += kLanes)
    for (int l = 0; l < kLanes; l++) lanes[l] = lanes[l] < x[i + l] ? x[i + l] : lanes[l];
  float largest = lanes[0];
  for (int l = 1; l < kLanes; l++) largest = largest < lanes[l] ? lanes[l] : largest;
  for (; i < width; i++) largest = largest < x[i] ? x[i] : largest;
  return largest;
}

// x [count] becomes e^(x - largest); their sum.
DPRUNER_VECTORS
static float exponentials_of(float* x, float largest, int64_t count) {
  float lanes[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    for (int l = 0; l < kLanes; l++) {
      const float e = exp_of(x[i + l] - largest);
      x[i + l] = e;
      lanes[l] += e;
    }
  float total = sum_of(lanes);
  for (; i < count; i++) total += x[i] = exp_of(x[i] - largest);
  return total;
}

// x *= factor.
DPRUNER_VECTORS
static void multiply_row(float* x, float factor, int64_t count) {
  for (int64_t i = 0; i < count; i++) x[i] *= factor;
}

// y += x.
DPRUNER_VECTORS
static void add_row(float* y, const float* x, int64_t count) {
  for (int64_t i = 0; i < count; i++) y[i] += x[i];
}

static inline float sigmoid_of(float x) { return 1.0f / (1.0f + exp_of(-x)); }

}  // namespace dpruner
