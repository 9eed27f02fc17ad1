// One loop whose threads take its steps together: what a step has written all of them may read in the next one.
#pragma once

#include <atomic>
#include <thread>
#include <vector>

#include "parallel.h"

namespace dpruner {

// Waking a thread takes longer than a small step does, so the members spin until a step's work is done. They wait for the work and
// not for one another: a member that a busy machine does not run holds nobody up unless it has taken a part.
class Team {
 public:
  explicit Team(int steps) : members_(Workers::shared().threads()), steps_(steps) {}

  // One way through the steps; every member takes the same ones.
  class Member {
   public:
    explicit Member(Team& team) : team_(team) {}

    // Shares 0 … count, parts of `grain` to whoever is free; returns when all parts are done.
    template <typename Loop>
    void share(int64_t count, int64_t grain, const Loop& loop) {
      Step& step = team_.steps_[step_++];
      for (int64_t begin; (begin = step.taken.fetch_add(grain, std::memory_order_relaxed)) < count;) {
        const int64_t end = std::min(count, begin + grain);
        loop(begin, end);
        step.done.fetch_add(end - begin, std::memory_order_acq_rel);
      }
      for (int spins = 0; step.done.load(std::memory_order_acquire) < count; spins++) {
        if (spins < kSpins) pause();
        else std::this_thread::yield();
      }
    }

   private:
    Team& team_;
    int step_ = 0;
  };

  // Calls `way` with each member, on as many threads as come.
  template <typename Way>
  void run(const Way& way) {
    Workers::shared().run(members_, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        Member member(*this);
        way(member);
      }
    });
  }

 private:
  struct Step {
    std::atomic<int64_t> taken{0}, done{0};
  };

  const int64_t members_;
  std::vector<Step> steps_;
};

}  // namespace dpruner
