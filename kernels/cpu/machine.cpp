#include "kernels/machine.hpp"

#include <numeric>
#include <vector>

#include "kernels/cpu/kernel_set.hpp"

namespace sketchscope::kernels {

float read_once(ThreadPool& pool, std::span<const float> values) {
  const cpu::KernelSet& kernels = cpu::best_kernels();
  const int shares = pool.threads();
  const auto start_of = [&](int share) {
    return values.size() * static_cast<std::size_t>(share) / static_cast<std::size_t>(shares);
  };
  std::vector<float> sums(static_cast<std::size_t>(shares));
  pool.run(shares, [&](int share) {
    const std::size_t start = start_of(share);
    sums[static_cast<std::size_t>(share)] =
        kernels.read(values.data() + start, static_cast<long>(start_of(share + 1) - start));
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0F);
}

double multiply_add_rounds(ThreadPool& pool, std::int64_t rounds) {
  const cpu::KernelSet& kernels = cpu::best_kernels();
  constexpr float kFactor = 0.5F;
  constexpr float kSummand = 1.0F;
  std::vector<float> results(static_cast<std::size_t>(pool.threads()));
  pool.run(pool.threads(), [&](int thread) {
    results[static_cast<std::size_t>(thread)] =
        kernels.multiply_adds(static_cast<long>(rounds), kFactor, kSummand);
  });
  return 2.0 * static_cast<double>(rounds) * kernels.multiply_adds_per_round * pool.threads();
}

}  // namespace sketchscope::kernels
