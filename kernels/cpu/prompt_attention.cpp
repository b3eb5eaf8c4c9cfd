#include "kernels/prompt_attention.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <vector>

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/shape_check.hpp"

namespace sketchscope::kernels {
namespace {

using cpu::kPromptPanel;
using cpu::kPromptRows;

constexpr int kPanelsPerPacking = 8;

int parts_of(int count, int size) {
  return (count + size - 1) / size;
}

/// The blocks of queries of a prompt's heads, with the places of their workspace.
class PromptBlocks {
 public:
  PromptBlocks(const PromptAttention& input, std::span<float> output)
      : input_(input), output_(output), panels_(parts_of(input.tokens, kPromptPanel)) {}

  /// Blocks of one head.
  [[nodiscard]] int count() const { return parts_of(input_.tokens - input_.first, kPromptRows); }
  /// Packings of one key/value head.
  [[nodiscard]] int packings() const { return parts_of(panels_, kPanelsPerPacking); }

  /// Numbers that the panels of a key/value head take.
  [[nodiscard]] std::size_t panel_numbers() const { return key_numbers() + value_numbers(); }
  /// Numbers that a block at work takes.
  [[nodiscard]] std::size_t block_numbers() const {
    constexpr std::size_t kRows = kPromptRows;
    const auto width = static_cast<std::size_t>(input_.head_width);
    return kRows * (weight_stride() + kPromptPanel + kLine + width);
  }

  [[nodiscard]] cpu::PromptPanels panels(float* room) const {
    return {
        .keys = room, .values = room + key_numbers(), .count = panels_, .width = input_.head_width};
  }

  [[nodiscard]] cpu::PromptPacking packing(int kv_head, int index,
                                           const cpu::PromptPanels& panels) const {
    const auto column =
        static_cast<std::size_t>(kv_head) * static_cast<std::size_t>(input_.head_width);
    const int first = index * kPanelsPerPacking;
    return {.key = input_.key.numbers.data() + column,
            .value = input_.value.numbers.data() + column,
            .key_stride = input_.key.stride,
            .value_stride = input_.value.stride,
            .tokens = input_.tokens,
            .first = first,
            .last = std::min(first + kPanelsPerPacking, panels_),
            .panels = panels};
  }

  /// Block `index` of a head, whose mass may be null.
  [[nodiscard]] cpu::PromptBlock block(int head, int index, const cpu::PromptPanels& panels,
                                       float* room, float* mass) const {
    const int first = index * kPromptRows;
    const int left = input_.tokens - input_.first - first;
    const auto row = static_cast<std::size_t>(first);
    const auto column =
        static_cast<std::size_t>(head) * static_cast<std::size_t>(input_.head_width);
    const auto width =
        static_cast<std::size_t>(input_.heads) * static_cast<std::size_t>(input_.head_width);
    float* const sums = room + kPromptRows * weight_stride();
    float* const factors = sums + kPromptRows * kPromptPanel;
    return {.query = input_.query.numbers.data() + row * input_.query.stride + column,
            .query_stride = input_.query.stride,
            .rows = std::min(left, kPromptRows),
            .before = input_.first + first,
            .scale = input_.scale,
            .panels = panels,
            .packed = factors + kPromptRows * kLine,
            .weights = room,
            .weight_stride = static_cast<long>(weight_stride()),
            .factors = factors,
            .sums = sums,
            .output = output_.data() + row * width + column,
            .output_stride = static_cast<long>(width),
            .mass = mass};
  }

 private:
  static constexpr std::size_t kLine = 16;  // numbers of a cache line

  [[nodiscard]] std::size_t places() const {
    return static_cast<std::size_t>(panels_) * kPromptPanel;
  }
  [[nodiscard]] std::size_t key_numbers() const {
    return places() * static_cast<std::size_t>(input_.head_width);
  }
  [[nodiscard]] std::size_t value_numbers() const {
    return places() * static_cast<std::size_t>(parts_of(input_.head_width, kPromptPanel)) *
           kPromptPanel;
  }
  // An odd number of cache lines, so that the rows of a tile do not meet in the same cache sets.
  [[nodiscard]] std::size_t weight_stride() const { return places() + kLine; }

  const PromptAttention& input_;
  std::span<float> output_;
  int panels_;
};

/// Lets the blocks of each head add to its mass in their order.
class Turns {
 public:
  explicit Turns(int heads) : next_(static_cast<std::size_t>(heads)) {}

  /// Calls work() after the blocks [0, index) of the head have had their turns.
  template <class Work>
  void take(int head, int index, const Work& work) {
    std::atomic<int>& next = next_[static_cast<std::size_t>(head)];
    for (int now = next.load(); now != index; now = next.load()) next.wait(now);
    work();
    next.store(index + 1);
    next.notify_all();
  }

 private:
  std::vector<std::atomic<int>> next_;
};

}  // namespace

void prompt_attention(const PromptAttention& input, int head, std::span<float> output,
                      std::span<float> mass, const cpu::KernelSet& kernels) {
  check_prompt_attention(input, head, output, mass);
  const PromptBlocks blocks(input, output);
  const auto room =
      std::make_unique_for_overwrite<float[]>(blocks.panel_numbers() + blocks.block_numbers());
  const cpu::PromptPanels panels = blocks.panels(room.get());
  const int kv_head = head / (input.heads / input.kv_heads);
  for (int index = 0; index < blocks.packings(); ++index) {
    kernels.pack_prompt(blocks.packing(kv_head, index, panels));
  }
  for (int index = 0; index < blocks.count(); ++index) {
    const cpu::PromptBlock block =
        blocks.block(head, index, panels, room.get() + blocks.panel_numbers(),
                     mass.empty() ? nullptr : mass.data());
    kernels.prompt_weights(block);
    kernels.prompt_mass(block);
    kernels.prompt_values(block);
  }
}

void prompt_attention(ThreadPool& pool, const PromptAttention& input, std::span<float> output,
                      std::span<float> mass, const cpu::KernelSet& kernels) {
  check_prompt_attention(input, output, mass);
  const PromptBlocks blocks(input, output);
  const std::size_t mass_stride = mass.size() / static_cast<std::size_t>(input.heads);
  const int sharing = input.heads / input.kv_heads;
  const int all = blocks.count() * input.heads;
  const int workers = std::min(pool.threads(), all);
  const std::size_t panel_numbers =
      static_cast<std::size_t>(input.kv_heads) * blocks.panel_numbers();
  const std::size_t numbers =
      panel_numbers + static_cast<std::size_t>(workers) * blocks.block_numbers();
  auto* const room = reinterpret_cast<float*>(pool.room(numbers * sizeof(float)).data());
  const auto panels_of = [&](int kv_head) {
    return blocks.panels(room + static_cast<std::size_t>(kv_head) * blocks.panel_numbers());
  };
  pool.run(input.kv_heads * blocks.packings(), [&](int part) {
    const int kv_head = part / blocks.packings();
    kernels.pack_prompt(blocks.packing(kv_head, part % blocks.packings(), panels_of(kv_head)));
  });

  // Blocks are taken in order, so whoever waits for a turn waits for one that is at work.
  Turns turns(input.heads);
  std::atomic<int> next{0};
  pool.run(workers, [&](int worker) {
    float* const own =
        room + panel_numbers + static_cast<std::size_t>(worker) * blocks.block_numbers();
    for (int i = next++; i < all; i = next++) {
      // The heads that share keys take turns, while these lie in the caches.
      const int kv_head = i / (blocks.count() * sharing);
      const int head = kv_head * sharing + i % sharing;
      const int index = i / sharing % blocks.count();
      float* const head_mass =
          mass.empty() ? nullptr : mass.data() + static_cast<std::size_t>(head) * mass_stride;
      const cpu::PromptBlock block = blocks.block(head, index, panels_of(kv_head), own, head_mass);
      kernels.prompt_weights(block);
      turns.take(head, index, [&] { kernels.prompt_mass(block); });
      kernels.prompt_values(block);
    }
  });
}

}  // namespace sketchscope::kernels
