#include "kernels/attention.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <new>
#include <span>
#include <vector>

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

/// The pages that one thread reads at a time of a long table. The number is fixed, so that sums
/// depend on the table alone.
constexpr int kPagesOfAPart = 16;

/// Returns the number of parts in which a table's pages are read, at least one.
int part_count(const DecodeAttention& input) {
  constexpr int kSlotsOfAPart = kPagesOfAPart * kSlotsPerPage;
  return std::max((input.stored + kSlotsOfAPart - 1) / kSlotsOfAPart, 1);
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

/// The largest numbers of a batch of tables, which all have a place for as many.
struct Largest {
  int runs = 0;
  int heads = 0;
  int width = 0;
  int parts = 0;
};

Largest largest_of(std::span<const DecodeAttention> inputs) {
  Largest most;
  for (const DecodeAttention& input : inputs) {
    most.runs = std::max(most.runs, run_count(input));
    most.heads = std::max(most.heads, input.heads);
    most.width = std::max(most.width, input.head_width);
    most.parts = std::max(most.parts, part_count(input));
  }
  return most;
}

/// Room for what every head of every table has read of every part.
class PartRoom {
 public:
  PartRoom(std::span<std::byte> room, std::size_t tables, const Largest& most)
      : most_(most),
        parts_(reinterpret_cast<cpu::DecodedPart*>(room.data())),
        outputs_(reinterpret_cast<float*>(parts_ + count(tables, most))) {}

  static std::size_t bytes(std::size_t tables, const Largest& most) {
    // A head of one part needs no output but its own.
    const auto width = static_cast<std::size_t>(most.parts > 1 ? most.width : 0);
    return count(tables, most) * (sizeof(cpu::DecodedPart) + width * sizeof(float));
  }

  /// Returns the parts of a head, of which the first has its output in the head's.
  [[nodiscard]] cpu::DecodedPart* parts_of(std::size_t table, int head) const {
    return parts_ + index(table, head);
  }
  [[nodiscard]] float* output_of(std::size_t table, int head, int part) const {
    return outputs_ + (index(table, head) + static_cast<std::size_t>(part)) *
                          static_cast<std::size_t>(most_.width);
  }

 private:
  static std::size_t count(std::size_t tables, const Largest& most) {
    return tables * static_cast<std::size_t>(most.heads) * static_cast<std::size_t>(most.parts);
  }
  [[nodiscard]] std::size_t index(std::size_t table, int head) const {
    return (table * static_cast<std::size_t>(most_.heads) + static_cast<std::size_t>(head)) *
           static_cast<std::size_t>(most_.parts);
  }

  Largest most_;
  cpu::DecodedPart* parts_;
  float* outputs_;
};

/// Tables of a batch, what they result in, and the kernels that do it.
struct Batch {
  std::span<const DecodeAttention> inputs;
  std::span<const AttentionResult> results;
  const cpu::KernelSet& kernels;
};

/// Reads one part of the pages of a group's tables for the heads of one run.
void read_part(const Batch& batch, const TableGroup& group, int run_index, int part,
               const PartRoom& room) {
  std::array<cpu::DecodeHead, cpu::kHeadsTogether> heads;
  std::array<cpu::DecodedPart*, cpu::kHeadsTogether> parts;
  std::array<cpu::RunningSoftmax, cpu::kHeadsTogether> sums;
  std::size_t count = 0;
  const HeadRun run = run_of(batch.inputs[group.first], run_index);
  for (std::size_t table = group.first; table < group.first + static_cast<std::size_t>(group.count);
       ++table) {
    if (part >= part_count(batch.inputs[table])) continue;
    for (int head = run.first; head < run.first + run.count; ++head, ++count) {
      heads[count] = head_of(batch.inputs[table], batch.results[table], head);
      if (part > 0) heads[count].output = room.output_of(table, head, part);
      parts[count] = room.parts_of(table, head) + part;
    }
  }
  if (count == 0) return;
  batch.kernels.read_pages({.heads = heads.data(),
                            .count = static_cast<int>(count),
                            .per_table = run.count,
                            .shared_pages = group.shared_pages,
                            .pages = {part * kPagesOfAPart, (part + 1) * kPagesOfAPart}},
                           sums.data());
  for (std::size_t i = 0; i < count; ++i) *parts[i] = {sums[i], heads[i].output};
}

/// Merges the parts of the heads of one run of a group's tables.
void finish_run(const Batch& batch, const TableGroup& group, int run_index, const PartRoom& room) {
  const HeadRun run = run_of(batch.inputs[group.first], run_index);
  for (std::size_t table = group.first; table < group.first + static_cast<std::size_t>(group.count);
       ++table) {
    for (int head = run.first; head < run.first + run.count; ++head) {
      batch.kernels.finish_head(head_of(batch.inputs[table], batch.results[table], head),
                                room.parts_of(table, head), part_count(batch.inputs[table]));
    }
  }
}

/// Checks the shapes of a batch and computes it. `room_of(bytes)` returns a workspace, and
/// `run(count, body)` calls body(0) … body(count − 1), which may be at once.
template <class RoomOf, class Run>
void compute(const Batch& batch, const RoomOf& room_of, const Run& run) {
  const auto inputs = batch.inputs;
  for (std::size_t table = 0; table < inputs.size(); ++table) {
    check_decode_attention(inputs[table], batch.results[table]);
  }
  const Largest most = largest_of(inputs);
  // The groups come first, since behind the floats nothing wider would be aligned.
  const std::size_t group_bytes = inputs.size() * sizeof(TableGroup);
  static_assert(sizeof(TableGroup) % alignof(cpu::DecodedPart) == 0);
  const std::span<std::byte> workspace =
      room_of(group_bytes + PartRoom::bytes(inputs.size(), most));
  const auto groups = group_tables(inputs, workspace.first(group_bytes));
  const PartRoom room(workspace.subspan(group_bytes), inputs.size(), most);
  const int runs = static_cast<int>(groups.size()) * most.runs;
  const auto for_run = [&](int number, const auto& body) {
    const TableGroup& group = groups[static_cast<std::size_t>(number / most.runs)];
    if (number % most.runs < run_count(inputs[group.first])) body(group, number % most.runs);
  };
  run(runs * most.parts, [&](int number) {
    for_run(number / most.parts, [&](const TableGroup& group, int index) {
      read_part(batch, group, index, number % most.parts, room);
      if (most.parts == 1) finish_run(batch, group, index, room);
    });
  });
  if (most.parts == 1) return;
  run(runs, [&](int number) {
    for_run(number,
            [&](const TableGroup& group, int index) { finish_run(batch, group, index, room); });
  });
}

}  // namespace

void decode_attention(const DecodeAttention& input, const AttentionResult& result,
                      const cpu::KernelSet& kernels) {
  std::vector<std::byte> room;
  compute(
      {.inputs = {&input, 1}, .results = {&result, 1}, .kernels = kernels},
      [&](std::size_t bytes) {
        room.resize(bytes);
        return std::span(room);
      },
      [](int count, const auto& body) {
        for (int number = 0; number < count; ++number) body(number);
      });
}

void decode_attention(ThreadPool& pool, std::span<const DecodeAttention> inputs,
                      std::span<const AttentionResult> results, const cpu::KernelSet& kernels) {
  expect_size("decode_attention: results", results.size(), inputs.size());
  if (inputs.empty()) return;
  compute(
      {.inputs = inputs, .results = results, .kernels = kernels},
      [&](std::size_t bytes) { return pool.room(bytes); },
      [&](int count, const auto& body) { pool.run(count, body); });
}

}  // namespace sketchscope::kernels
