// One loop whose threads take its steps together: what a step has written all of them may read in the next one.
#pragma once

#include <atomic>
#include <thread>
#include <vector>

#include "parallel.h"

namespace dpruner {

// Waking a thread takes longer than a small step does, so the members spin until the last one comes. On a busy machine, where
// that one may not be running, they let others run.
class Team {
 public:
  explicit Team(int steps) : members_(Workers::shared().threads()), taken_(steps) {}

  // One thread's way through the steps; every member must take the same ones.
  class Member {
   public:
    explicit Member(Team& team) : team_(team) {}

    // Shares 0 … count, parts of `grain` to whoever is free; returns when all parts are done.
    template <typename Loop>
    void share(int64_t count, int64_t grain, const Loop& loop) {
      std::atomic<int64_t>& taken = team_.taken_[step_++];
      for (int64_t begin; (begin = taken.fetch_add(grain, std::memory_order_relaxed)) < count;)
        loop(begin, std::min(count, begin + grain));
      team_.wait_for_all(step_);
    }

   private:
    Team& team_;
    int step_ = 0;
  };

  // Calls `way` on each thread with a member of its own.
  template <typename Way>
  void run(const Way& way) {
    // A member waits for the others in its first step, so that no thread can be two of them.
    Workers::shared().run(members_, 1, [&](int64_t, int64_t) {
      Member member(*this);
      way(member);
    });
  }

 private:
  static constexpr int kSpins = 2000;

  void wait_for_all(int64_t steps) {
    arrived_.fetch_add(1, std::memory_order_acq_rel);
    for (int spins = 0; arrived_.load(std::memory_order_acquire) < steps * members_; spins++) {
      if (spins < kSpins) pause();
      else std::this_thread::yield();
    }
  }

  static void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }

  const int64_t members_;
  std::vector<std::atomic<int64_t>> taken_;
  std::atomic<int64_t> arrived_{0};
};

}  // namespace dpruner
