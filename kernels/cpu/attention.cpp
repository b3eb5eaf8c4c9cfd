#include "kernels/attention.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <new>

#include "kernels/cpu/kernel_set.hpp"
#include "kernels/shape_check.hpp"

namespace sketchscope::kernels {
namespace {

cpu::DecodeHead head_of(const DecodeAttention& input, const AttentionResult& result, int head) {
  const auto index = static_cast<std::size_t>(head);
  const auto stored = static_cast<std::size_t>(input.stored);
  const auto start = index * static_cast<std::size_t>(input.head_width);
  return {.pages = input.pages.data(),
          .format = input.format,
          .vector_bytes = static_cast<long>(kv_vector_bytes(input.format, input.head_width)),
          .stored = input.stored,
          .slots = input.slots.empty() ? nullptr : input.slots.data(),
          .listed = static_cast<int>(input.slots.size()),
          .kv_head = head / (input.heads / input.kv_heads),
          .width = input.head_width,
          .scale = input.scale,
          .query = input.query.data() + start,
          .ranks = input.rotations.ranks.empty() ? nullptr : input.rotations.ranks.data(),
          .rotations = input.rotations.rotations.data(),
          .pairs = input.rotations.pairs,
          .output = result.output.data() + start,
          .mass = result.mass.empty() ? nullptr : result.mass.data() + index * stored,
          .log_sum_exp = result.log_sum_exp.empty() ? nullptr : result.log_sum_exp.data() + index};
}

/// Query heads of one key/value head that are read together.
struct HeadRun {
  int first = 0;
  int count = 0;
};

/// Returns the largest number of heads in a run.
int run_length(const DecodeAttention& input) {
  return std::min(input.heads / input.kv_heads, cpu::kHeadsTogether);
}

/// Returns the number of runs into which the query heads of a key/value head are divided.
int runs_per_kv_head(const DecodeAttention& input) {
  const int length = run_length(input);
  return (input.heads / input.kv_heads + length - 1) / length;
}

int run_count(const DecodeAttention& input) {
  return input.kv_heads * runs_per_kv_head(input);
}

HeadRun run_of(const DecodeAttention& input, int index) {
  const int runs = runs_per_kv_head(input);
  const int sharing = input.heads / input.kv_heads;
  const int done = index % runs * run_length(input);
  return {.first = index / runs * sharing + done,
          .count = std::min(run_length(input), sharing - done)};
}

/// A group of consecutive tables [first, first + count) that begin with the same full pages.
struct TableGroup {
  std::size_t first = 0;
  int count = 0;
  int shared_pages = 0;
};

/// Counts the full pages that two tables begin with in common; 0 unless both read all their slots
/// as they are stored.
int shared_pages(const DecodeAttention& a, const DecodeAttention& b) {
  const bool alike = a.format == b.format && a.heads == b.heads && a.kv_heads == b.kv_heads &&
                     a.head_width == b.head_width && a.slots.empty() && b.slots.empty() &&
                     a.rotations.ranks.empty() && b.rotations.ranks.empty();
  if (!alike) return 0;
  const auto full = static_cast<std::size_t>(std::min(a.stored, b.stored) / kSlotsPerPage);
  std::size_t shared = 0;
  while (shared < full && a.pages[shared].keys == b.pages[shared].keys &&
         a.pages[shared].values == b.pages[shared].values) {
    ++shared;
  }
  return static_cast<int>(shared);
}

/// Groups consecutive tables that begin with the same pages, as forks do; the groups lie in `room`.
std::span<const TableGroup> group_tables(std::span<const DecodeAttention> inputs,
                                         std::span<std::byte> room) {
  auto* const groups = reinterpret_cast<TableGroup*>(room.data());
  std::size_t count = 0;
  for (std::size_t table = 0; table < inputs.size(); ++table) {
    TableGroup* const group = count > 0 ? &groups[count - 1] : nullptr;
    const bool has_room =
        group != nullptr && (group->count + 1) * run_length(inputs[table]) <= cpu::kHeadsTogether;
    const int shared = has_room ? shared_pages(inputs[group->first], inputs[table]) : 0;
    if (shared == 0) {
      new (&groups[count++]) TableGroup{.first = table, .count = 1};
    } else {
      group->shared_pages = group->count == 1 ? shared : std::min(group->shared_pages, shared);
      ++group->count;
    }
  }
  return {groups, count};
}

}  // namespace

void decode_attention(const DecodeAttention& input, const AttentionResult& result,
                      const cpu::KernelSet& kernels) {
  check_decode_attention(input, result);
  std::array<cpu::DecodeHead, cpu::kHeadsTogether> heads;
  for (int index = 0; index < run_count(input); ++index) {
    const HeadRun run = run_of(input, index);
    for (int i = 0; i < run.count; ++i) {
      heads[static_cast<std::size_t>(i)] = head_of(input, result, run.first + i);
    }
    kernels.decode_attention({.heads = heads.data(), .count = run.count, .per_table = run.count});
  }
}

void decode_attention(ThreadPool& pool, std::span<const DecodeAttention> inputs,
                      std::span<const AttentionResult> results, const cpu::KernelSet& kernels) {
  expect_size("decode_attention: results", results.size(), inputs.size());
  if (inputs.empty()) return;
  int most_runs = 0;
  for (std::size_t table = 0; table < inputs.size(); ++table) {
    check_decode_attention(inputs[table], results[table]);
    most_runs = std::max(most_runs, run_count(inputs[table]));
  }
  const auto groups = group_tables(inputs, pool.room(inputs.size() * sizeof(TableGroup)));
  pool.run(static_cast<int>(groups.size()) * most_runs, [&](int part) {
    const TableGroup& group = groups[static_cast<std::size_t>(part / most_runs)];
    const int index = part % most_runs;
    if (index >= run_count(inputs[group.first])) return;
    const HeadRun run = run_of(inputs[group.first], index);
    std::array<cpu::DecodeHead, cpu::kHeadsTogether> heads;
    for (int i = 0; i < group.count * run.count; ++i) {
      const std::size_t table = group.first + static_cast<std::size_t>(i / run.count);
      heads[static_cast<std::size_t>(i)] =
          head_of(inputs[table], results[table], run.first + i % run.count);
    }
    kernels.decode_attention({.heads = heads.data(),
                              .count = group.count * run.count,
                              .per_table = run.count,
                              .shared_pages = group.shared_pages});
  });
}

}  // namespace sketchscope::kernels
