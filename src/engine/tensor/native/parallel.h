// Splits a loop over the processor's cores.
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

namespace dpruner {

// So often is looked again before a thread sleeps or gives way.
constexpr int kSpins = 2000;

// Waits a moment, in a loop that looks again and again.
inline void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

// Threads that wait for one loop at a time. TensorFlow's own pool is not in its C interface.
class Workers {
 public:
  using Loop = std::function<void(int64_t begin, int64_t end)>;
  // Of a loop for each thread: the last one to end then keeps the others waiting for little.
  static constexpr int64_t kMostParts = 8;

  static Workers& shared() {
    static Workers* workers = new Workers(std::max(1u, std::thread::hardware_concurrency()) - 1);
    return *workers;  // never destroyed: its threads end with the process
  }

  // The caller's own is one of them.
  int threads() const { return helpers_ + 1; }

  // Calls `loop` for parts that together cover 0 … count, each at least `grain` long but the last; returns when all are done.
  void run(int64_t count, int64_t grain, const Loop& loop) {
    const int64_t parts = std::min((count + grain - 1) / grain, kMostParts * (helpers_ + 1));
    if (parts <= 1 || helpers_ == 0) {
      if (count > 0) loop(0, count);
      return;
    }
    std::lock_guard<std::mutex> one_caller(caller_);
    {
      std::lock_guard<std::mutex> lock(mutex_);
      loop_ = &loop;
      count_ = count;
      parts_ = parts;
      next_ = 0;
      busy_ = helpers_;
      ++round_;
    }
    wake_.notify_all();
    take_parts();
    spin_until([this] { return busy_ == 0; });
    std::unique_lock<std::mutex> lock(mutex_);
    done_.wait(lock, [this] { return busy_ == 0; });
  }

 private:
  explicit Workers(int helpers) : helpers_(helpers) {
    for (int i = 0; i < helpers; i++) std::thread([this] { serve(); }).detach();
  }

  void serve() {
    int64_t seen = 0;
    for (;;) {
      spin_until([&] { return round_ != seen; });
      {
        std::unique_lock<std::mutex> lock(mutex_);
        wake_.wait(lock, [&] { return round_ != seen; });
        seen = round_;
      }
      take_parts();
      std::lock_guard<std::mutex> lock(mutex_);
      if (--busy_ == 0) done_.notify_one();
    }
  }

  // Waking a thread takes longer than the next loop is usually away. For so long only: other programs want the core.
  template <typename Condition>
  static void spin_until(const Condition& condition) {
    for (int spins = 0; spins < kSpins && !condition(); spins++) pause();
  }

  void take_parts() {
    for (int64_t part; (part = next_.fetch_add(1)) < parts_;) {
      (*loop_)(count_ * part / parts_, count_ * (part + 1) / parts_);
    }
  }

  const int helpers_;
  std::mutex caller_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable done_;
  const Loop* loop_ = nullptr;
  int64_t count_ = 0;
  int64_t parts_ = 0;
  std::atomic<int64_t> round_{0};
  std::atomic<int> busy_{0};
  std::atomic<int64_t> next_{0};
};

}  // namespace dpruner
