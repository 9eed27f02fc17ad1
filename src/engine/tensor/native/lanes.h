// Vectors of numbers as the compiler knows them, and which of them the processor has registers for.
#pragma once

#include <cstdint>

#include "rows.h"

#define DPRUNER_INLINE inline __attribute__((always_inline))

namespace dpruner {

// A vector of W numbers. One that the processor has no registers for would be far slower than several that it has.
template <int W>
struct Vector {
  typedef float Lanes __attribute__((vector_size(4 * W)));
  typedef float LanesAnywhere __attribute__((vector_size(4 * W), aligned(4), may_alias));
  typedef int32_t Order __attribute__((vector_size(4 * W)));
};
template <int W>
using Lanes = typename Vector<W>::Lanes;

template <int W>
static DPRUNER_INLINE Lanes<W> lanes_at(const float* x) {
  return *reinterpret_cast<const typename Vector<W>::LanesAnywhere*>(x);
}
template <int W>
static DPRUNER_INLINE void put_lanes(float* x, Lanes<W> lanes) {
  *reinterpret_cast<typename Vector<W>::LanesAnywhere*>(x) = lanes;
}

// A tile's sums must stay in registers: AVX-512 has four times the room of AVX2, so that one copy cannot serve both.
#if defined(__x86_64__) && defined(__GNUC__)
#define DPRUNER_HAS_WIDE 1
#define DPRUNER_WIDE __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,fma")))

static bool has_wide() {
  static const bool supported = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                                __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
  return supported;
}
#endif

#if defined(__x86_64__)
constexpr int kNarrow = 8;
#else
constexpr int kNarrow = 4;
#endif

}  // namespace dpruner
