#include "tests/kernels/kernel_test.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <random>

#include "kernels/cpu/instruction_set.hpp"
#include "kernels/cuda_device.hpp"
#include "kernels/distribution.hpp"
#include "kernels/gate.hpp"
#include "kernels/rms_norm.hpp"
#include "kernels/rotary.hpp"
#include "tests/kernels/device_operations.hpp"
#include "tests/kernels/packed_layer.hpp"

namespace sketchscope::kernels {
namespace {

constexpr std::size_t kGuards = 32;
constexpr float kGuard = -123456.75F;
constexpr float kUnwritten = 98765.5F;

Implementation on_cpu(cpu::InstructionSet set) {
  const cpu::KernelSet& kernels = cpu::kernels_for(set);
  return {
      .name = std::string(cpu::name_of(set)),
      .linear =
          [&](auto& pool, const auto& layer, auto input, int rows, auto output) {
            linear(pool, PackedLayer(layer).layer(), input, rows, output, kernels);
          },
      .layer_norm = [&](auto input, auto scale, auto shift, float epsilon,
                        auto output) { layer_norm(input, scale, shift, epsilon, output, kernels); },
      .rms_norm = [&](auto input, auto scale, float epsilon,
                      auto output) { rms_norm(input, scale, epsilon, output, kernels); },
      .rotate = [&](const auto& rotation, int width,
                    auto vectors) { rotate(rotation, width, vectors, kernels); },
      .activate = [&](auto function, auto values) { activate(function, values, kernels); },
      .gate = [&](auto function, int width, auto input,
                  auto output) { gate(function, width, input, output, kernels); },
      .decode_attention = [&](const auto& input,
                              const auto& result) { decode_attention(input, result, kernels); },
      .encode_kv = [&](const auto& layout, auto vectors,
                       auto encoded) { encode_kv(layout, vectors, encoded, kernels); },
      .decode_kv = [&](const auto& layout, auto encoded,
                       auto vectors) { decode_kv(layout, encoded, vectors, kernels); },
      .prompt_attention = [&](const auto& input, int head, auto output,
                              auto mass) { prompt_attention(input, head, output, mass, kernels); },
      .prompt_heads =
          [&](const auto& input, auto output, auto mass) {
            ThreadPool pool(2);
            prompt_attention(pool, input, output, mass, kernels);
          },
      .softmax = [&](auto logits,
                     auto probability) { return softmax(logits, probability, kernels); },
      .query_sketch =
          [&](const auto& rows, auto query, auto cells, auto ids, auto estimates) {
            query_sketch(rows, query, cells, ids, estimates, kernels);
          },
      .update_sketch = [&](const auto& rows, auto update, auto items, auto cells,
                           auto room) { update_sketch(rows, update, items, cells, room, kernels); },
      .lowest_slots = [&](auto positions, auto scores,
                          auto range) { return lowest_slots(positions, scores, range, kernels); }};
}

Implementation on_cuda() {
  return {.name = "cuda",
          .linear = [](auto&, const auto& layer, auto input, int rows,
                       auto output) { cuda::linear(layer, input, rows, output); },
          .layer_norm = cuda::layer_norm,
          .rms_norm = cuda::rms_norm,
          .rotate = cuda::rotate,
          .activate = cuda::activate,
          .gate = cuda::gate,
          .decode_attention = cuda::decode_attention,
          .encode_kv = cuda::encode_kv,
          .decode_kv = cuda::decode_kv,
          .prompt_attention = [](const auto& input, int head, auto output,
                                 auto mass) { cuda::prompt_attention(input, head, output, mass); },
          .prompt_heads = [](const auto& input, auto output,
                             auto mass) { cuda::prompt_attention(input, output, mass); },
          .softmax = cuda::softmax,
          .query_sketch = cuda::query_sketch,
          .update_sketch = cuda::update_sketch,
          .lowest_slots = cuda::lowest_slots};
}

::testing::AssertionResult first_difference(std::span<const float> found,
                                            std::span<const float> expected,
                                            const std::function<bool(std::size_t)>& agrees) {
  if (found.size() != expected.size()) {
    return ::testing::AssertionFailure() << found.size() << " values, expected " << expected.size();
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (agrees(i)) continue;
    return ::testing::AssertionFailure()
           << "index " << i << " of " << found.size() << ": found " << found[i] << ", expected "
           << expected[i] << ", difference " << found[i] - expected[i];
  }
  return ::testing::AssertionSuccess();
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Implementation& implementation) {
  return out << implementation.name;
}

std::vector<Implementation> all_implementations() {
  std::vector<Implementation> implementations;
  for (const cpu::InstructionSet set : cpu::supported_instruction_sets()) {
    implementations.push_back(on_cpu(set));
  }
  if (cuda_device()) implementations.push_back(on_cuda());
  return implementations;
}

std::string name_of_implementation(const ::testing::TestParamInfo<Implementation>& info) {
  return info.param.name;
}

std::vector<float> random_values(unsigned seed, std::size_t count, float low, float high) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<float> distribution(low, high);
  std::vector<float> values(count);
  std::ranges::generate(values, [&] { return distribution(generator); });
  return values;
}

Guarded::Guarded(std::size_t count) : storage_(count + 2 * kGuards, kGuard) {
  std::ranges::fill(values(), kUnwritten);
}

std::span<float> Guarded::values() {
  return std::span(storage_).subspan(kGuards, storage_.size() - 2 * kGuards);
}

bool Guarded::guards_intact() const {
  const auto is_guard = [](float x) { return x == kGuard; };
  return std::ranges::all_of(std::span(storage_).first(kGuards), is_guard) &&
         std::ranges::all_of(std::span(storage_).last(kGuards), is_guard);
}

::testing::AssertionResult all_close(std::span<const float> found, std::span<const float> expected,
                                     Tolerance tolerance) {
  return first_difference(found, expected, [&](std::size_t i) {
    const double difference = std::abs(static_cast<double>(found[i]) - expected[i]);
    return difference <= tolerance.absolute + tolerance.relative * std::abs(expected[i]);
  });
}

::testing::AssertionResult all_close(std::span<const float> found, std::span<const float> expected,
                                     std::span<const float> scales, double factor) {
  return first_difference(found, expected, [&](std::size_t i) {
    return std::abs(static_cast<double>(found[i]) - expected[i]) <= factor * scales[i];
  });
}

::testing::AssertionResult all_equal(std::span<const float> found,
                                     std::span<const float> expected) {
  return first_difference(found, expected, [&](std::size_t i) {
    return std::bit_cast<std::uint32_t>(found[i]) == std::bit_cast<std::uint32_t>(expected[i]);
  });
}

}  // namespace sketchscope::kernels
